"""The talk in the official account: conversations, one-time links, complaints."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.base import new_id


class Migration(migrations.Migration):
    dependencies = [("models", "0010_tidy")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ChatLink",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("code_hash", fields.CharField(unique=True, max_length=64)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "chat_links",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A one-time code shown in the mini-program; typed into the chat it joins the two.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Complaint",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                ("version", fields.IntField(default=1)),
                ("city", fields.CharField(max_length=32)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "application",
                    fields.ForeignKeyField(
                        "models.Application",
                        source_field="application_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("channel", fields.CharField(max_length=16)),
                ("text_sealed", fields.BinaryField()),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "answered_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
            ],
            options={
                "table": "complaints",
                "app": "models",
                "pk_attr": "id",
                "table_description": "投诉: what somebody complains about, and until when it is owed an answer.",
            },
            bases=["Versioned"],
        ),
        ops.CreateModel(
            name="Conversation",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                ("version", fields.IntField(default=1)),
                ("appid", fields.CharField(max_length=64)),
                ("openid", fields.CharField(max_length=64)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("state_sealed", fields.BinaryField(null=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("updated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "conversations",
                "app": "models",
                "unique_together": (("appid", "openid"),),
                "pk_attr": "id",
                "table_description": "One talk: an openid of the official account, its person, and where the dialogue stands.",
            },
            bases=["Versioned"],
        ),
        ops.RunSQL("CREATE INDEX complaints_of_person ON complaints (person_id, created_at)"),
        ops.RunSQL(
            "CREATE INDEX complaints_open ON complaints (city, due_at) WHERE answered_at IS NULL"
        ),
    ]
