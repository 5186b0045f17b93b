from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = "Missions"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate, pre_delete

        from projects.history.kinds import name_links, register
        from projects.roles import create_missing_groups
        from projects.search.deletion import forget_deleted

        register()
        # After each app, whichever it is: permissions are made app by app, those of users after those of missions.
        post_migrate.connect(create_missing_groups)
        post_migrate.connect(name_links, sender=self)
        pre_delete.connect(forget_deleted, sender="projects.Mission")
