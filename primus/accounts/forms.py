"""The forms of signing in, of one's own account, and of passwords."""

from allauth.account import forms as allauth_forms
from crispy_forms.layout import HTML, Field, Layout
from django import forms
from django.urls import reverse_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from primus.accounts import tasks
from primus.accounts.models import User
from primus.forms import Password, Segmented, SubmitButton, helper

WIDE = "btn-primary btn-lg w-100"
PASSWORD_HELP = _("At least 12 characters. Three or four words you can remember are good.")
# Where to go afterwards; the view gives it to the template, escaped.
NEXT = HTML("{{ redirect_field }}")


def _plain(field: forms.Field, label, *, help_text="") -> None:
    """Our own words on allauth's field, and no placeholder that repeats the label."""
    field.label = label
    field.help_text = help_text
    field.widget.attrs.pop("placeholder", None)


class SignInForm(allauth_forms.LoginForm):
    """E-mail and password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self.fields["login"], _("E-mail"))
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        _plain(self.fields["password"], _("Password"))
        self.helper = helper()
        self.helper.layout = Layout(
            NEXT,
            "login",
            Password("password", forgot_url=reverse_lazy("account_reset_password")),
            SubmitButton(_("Sign in"), WIDE),
        )


class ForgottenPasswordForm(allauth_forms.ResetPasswordForm):
    """Whose password is forgotten. Known addresses and others are treated alike."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self.fields["email"], _("E-mail"))
        self.fields["email"].widget.attrs["autocomplete"] = "username"
        self.helper = helper()
        self.helper.layout = Layout("email", SubmitButton(_("Send me a link"), WIDE))

    def clean_email(self) -> str:
        # Not looked up here: how long the answer takes would tell whether it is known.
        return self.cleaned_data["email"].lower()

    def save(self, request, **kwargs) -> str:
        email = self.cleaned_data["email"]
        tasks.send_password_reset.delay(email)
        return email


class OncePasswordMixin:
    """One field for a new password: it can be shown, so it need not be typed twice."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        _plain(self.fields["password1"], _("New password"), help_text=PASSWORD_HELP)


class NewPasswordForm(OncePasswordMixin, allauth_forms.ResetPasswordKeyForm):
    """A new password in place of the forgotten one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper()
        self.helper.layout = Layout(
            Password("password1"), SubmitButton(_("Save the password"), WIDE)
        )


class ChangePasswordForm(OncePasswordMixin, allauth_forms.ChangePasswordForm):
    """A new password by someone who knows the old one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self.fields["oldpassword"], _("Current password"))
        self.helper = helper()
        self.helper.layout = Layout(
            Password("oldpassword"),
            Password("password1"),
            SubmitButton(_("Save the password"), "btn-primary btn-lg"),
        )


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    """The password once more, before something that matters."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self.fields["password"], _("Password"))
        self.helper = helper()
        self.helper.layout = Layout(NEXT, Password("password"), SubmitButton(_("Continue"), WIDE))


class AcceptForm(forms.Form):
    """The password with which an invited person begins."""

    password1 = allauth_forms.SetPasswordField(label=_("Choose a password"))

    def __init__(self, *args, invitation, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self.fields["password1"], _("Choose a password"), help_text=PASSWORD_HELP)
        # So that a password like the own name or address is refused.
        self.fields["password1"].user = User(
            email=invitation.email,
            first_name=invitation.first_name,
            last_name=invitation.last_name,
        )
        self.helper = helper()
        self.helper.layout = Layout(
            # The password manager needs to know whose password it is asked to keep.
            HTML(
                '<input class="visually-hidden" type="email" name="username" readonly'
                ' autocomplete="username" tabindex="-1" aria-hidden="true"'
                ' value="{{ invitation.email }}">'
            ),
            Password("password1"),
            SubmitButton(_("Begin"), WIDE),
        )


class AccountForm(forms.ModelForm):
    """What users may change about themselves."""

    class Meta:
        model = User
        fields = ["phone", "language"]
        widgets = {
            "phone": forms.TextInput(
                attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}
            ),
            "language": forms.RadioSelect,
        }
        help_texts = {"phone": _("Those you work with see it, so that they can call.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].label = _("Language")
        # Each by its own name, so that it is found by whoever reads only that one.
        self.fields["language"].choices = [("da", "Dansk"), ("en", "English")]
        self.helper = helper(mark_optional=True)
        self.helper.layout = Layout(
            Field("phone"),
            Segmented("language"),
            SubmitButton(_("Save"), "btn-primary"),
        )


def current_language() -> str:
    """The language of the page, as it is stored with a user."""
    return (get_language() or "da").split("-")[0]
