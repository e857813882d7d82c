from django.urls import path

from primus.jobs import views

urlpatterns = [path("runs/<int:pk>/", views.run_progress, name="run_progress")]
