"""Who comes into the admin, and what is kept of it.

entering      the login: password, then a code or the enrolment of a phone; nobody is in before the end
second_factor codes of a phone and recovery codes
sessions      how long a session lasts, and who ends it; the middleware that admits a request
lockout       too many failures from one address, on one name
links         invitations and new passwords: links of one use, passed on by hand or by e-mail
arriving      the page of such a link, and « mot de passe oublié »
account       « Mon compte »: password, second factor, sessions
users         people and groups, for administrators
journal       one line of « qui a fait quoi »; audit: its page and its export
names         how a person who works here is called
"""
