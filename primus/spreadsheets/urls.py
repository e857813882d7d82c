from django.urls import path

from primus.spreadsheets.views import imports

urlpatterns = [
    path("imports/", imports.import_list, name="import_list"),
    path("imports/<int:pk>/", imports.import_file, name="import_file"),
    path("imports/<int:pk>/columns/", imports.import_columns, name="import_columns"),
    path("imports/<int:pk>/apply/", imports.import_apply, name="import_apply"),
    path("imports/<int:pk>/resume/", imports.import_resume, name="import_resume"),
    path("imports/<int:pk>/not-imported/", imports.import_bad_rows, name="import_bad_rows"),
    path("imports/<int:pk>/delete/", imports.import_delete, name="import_delete"),
    path("imports/<slug:kind>/new/", imports.import_create, name="import_create"),
    path("imports/<slug:kind>.<slug:extension>", imports.import_template, name="import_template"),
]
