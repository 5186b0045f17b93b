"""Assisted tagging in the admin: what is proposed for a mission, for the catalogue, and what the person decides.

pages  the addresses, the list of missions, the page of one and the decisions made there
shown  what a proposal looks like on its page
"""

from projects.admin.tagging.pages import addresses

__all__ = ["addresses"]
