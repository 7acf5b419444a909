"""The stand-in for the platform: a process of its own, spoken to over HTTP only.

Start it with ``python -m wechat.sandbox --port N [--config file.json]``; ``config.py`` says what
the file may hold. It answers the platform's own addresses (``/sns/…``, ``/cgi-bin/…``,
``/wxa/…``, ``/connect/oauth2/authorize``) and keeps everything in memory.

Its control surface, JSON in and out, is what people and the platform do on their side:

=================================  ===========================================================
``GET  /_sandbox/ready``           ready, and both app ids
``GET  /_sandbox/people``          everybody: id, name, phone, openids, unionid, follows, roles
``POST /_sandbox/people``          add or replace one: ``{"id", "name", "phone", "follows", …}``
``POST /_sandbox/codes``           ``{"kind": "login|phone|oauth", "person"}`` → ``{"code"}``
``GET  /_sandbox/subscriptions``   messages left per openid and template
``POST /_sandbox/subscriptions``   ``{"person", "template_id", "answer": "accept|reject|ban",
                                   "count", "push"}``
``POST /_sandbox/templates``       ``{"T1": {"keys": ["thing1"], "long_term": false}}``
``POST /_sandbox/deliver``         ``{"account": "oa|mp", "person", "message": {"MsgType": …},
                                   "resends", "same_nonce", "overlap", "background"}`` → every
                                   attempt, the judged reply, what the person sees
``GET  /_sandbox/chat``            what the person sees, and what was exchanged for it, after
                                   number ``since``: ``?person= account= since= run= wait=``
                                   (seconds, at most 20)
``POST /_sandbox/verify``          ``{"account"}``: the GET with ``echostr``
``POST /_sandbox/media``           ``{"account", "content": base64, "mime"}`` → ``media_id, url``
``GET  /_sandbox/files/ID``        such a file (a picture's ``PicUrl``)
``GET  /_sandbox/links/ID``        where a URL link leads
``GET  /_sandbox/menu``            the service account's menu as last created
``GET  /_sandbox/media-checks``    pushed verdicts of file checks
``GET  /_sandbox/sent``            messages that reached people: ``?account= what= person=
                                   openid= since=``; ``DELETE`` clears
``POST /_sandbox/acts``            ``{"person", "account", "act": "message|click"}``: opens a
                                   customer-service window
``POST /_sandbox/tokens``          ``{"account", "how": "expire|forget"}``
``POST /_sandbox/injections``      the next calls go wrong: see ``injection.py``; ``GET`` lists,
                                   ``DELETE`` takes back
``GET  /_sandbox/flag``            ``{"raised", "reasons"}``: what the product got wrong;
                                   ``DELETE`` clears and tells what was cleared
``GET  /_sandbox/counters``        calls per address; ``DELETE`` clears
``GET  /_sandbox/clock``           its time; ``POST {"seconds"}`` moves it
``POST /_sandbox/options``         change some of ``config.Options``
``POST /_sandbox/accounts/KIND``   change some of ``config.AccountConfig`` (``mp`` or ``oa``)
``POST /_sandbox/reset``           back to the start-up file
=================================  ===========================================================
"""
