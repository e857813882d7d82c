from participants.forms.releases import ReleaseConfirmForm, ReleaseMoveForm

__all__ = ["ReleaseConfirmForm", "ReleaseMoveForm"]
