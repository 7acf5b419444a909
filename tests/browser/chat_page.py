"""The chat page as a person handles it."""

from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Locator, Page

_ANSWERED = """(before) => {
  const items = [...document.querySelectorAll("#talk > [data-key]")];
  const order = (item) => Number(item.dataset.order);
  const did = (item) => item.dataset.key.startsWith("did-");
  const mine = items.find((item) => did(item) && order(item) > before);
  return mine !== undefined && document.getElementById("talk").ariaBusy === "false"
    && items.some((item) => !did(item) && order(item) > order(mine));
}"""
"""Something was done after number ``before``, and something was said to it."""


@dataclass(frozen=True, slots=True)
class ChatPage:
    """One open page. Every act waits until it was answered."""

    page: Page

    @property
    def answers(self) -> Locator:
        """Everything the account has said, the newest last."""
        return self.page.locator("#talk .said:not(.own) .bubble")

    async def said_last(self) -> str:
        """The newest of it."""
        return await self.answers.last.inner_text()

    async def last_number(self) -> int:
        """The place of what happened last."""
        items = self.page.locator("#talk > [data-order]")
        orders = await items.evaluate_all("(all) => all.map((item) => Number(item.dataset.order))")
        return max(orders, default=0)

    async def say(self, text: str) -> None:
        """Type it and press Enter."""
        before = await self.last_number()
        await self.page.fill("#words", text)
        await self.page.press("#words", "Enter")
        await self._answered(before)

    async def tap(self, label: str) -> None:
        """Tap the newest choice whose words hold ``label``."""
        before = await self.last_number()
        choice = self.page.locator("#talk .tap").filter(has_text=label)
        await choice.last.click()
        await self._answered(before)

    async def tap_menu(self, *labels: str) -> None:
        """Tap a button of the account's menu, and one of the list above it."""
        before = await self.last_number()
        for label in labels:
            await self.page.locator("#menu").get_by_role("button", name=label, exact=False).click()
        await self._answered(before)

    async def send_place(self, label: str) -> None:
        """Send one of the places offered."""
        before = await self.last_number()
        await self.panel()
        await self.page.click("[data-open=place]")
        await self.page.locator("#place-list button").filter(has_text=label).click()
        await self._answered(before)

    async def send_coordinates(self, latitude: float, longitude: float, label: str) -> None:
        """Send any other place."""
        before = await self.last_number()
        await self.panel()
        await self.page.click("[data-open=place]")
        await self.page.fill("#place-form [name=label]", label)
        await self.page.fill("#place-form [name=latitude]", str(latitude))
        await self.page.fill("#place-form [name=longitude]", str(longitude))
        await self.page.click("#place-form button")
        await self._answered(before)

    async def send_picture(self, path: Path) -> None:
        """Choose a picture file."""
        before = await self.last_number()
        await self.page.set_input_files("#picture", path)
        await self._answered(before)

    async def send_voice(self, recognition: str) -> None:
        """Speak; the platform recognises these words."""
        before = await self.last_number()
        await self.panel()
        await self.page.click("[data-open=voice]")
        await self.page.fill("#voice-form textarea", recognition)
        await self.page.click("#voice-form button")
        await self._answered(before)

    async def panel(self) -> None:
        """Open what is behind the plus sign."""
        if not await self.page.locator("#panel").is_visible():
            await self.page.click("#more")

    async def _answered(self, before: int) -> None:
        await self.page.wait_for_function(_ANSWERED, arg=before)
