"""What an editor typed survives a session that ended and a form that is too old.

`kept` is what was sent, as a signed text that travels in the pages and is stored nowhere; `pages` shows it;
`middleware` takes it up and hands it on; `admin` shows a form filled and not saved.
"""
