//! How personal values appear to whoever asks. A lens is part of every question: filters, groups, sorts and
//! searches run on what it shows, never on what lies behind it.

use std::borrow::Cow;

/// How one kind of personal value appears.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Appearance {
    /// As logged.
    #[default]
    Plain,
    /// Every value as [`Lens::MASK`]; absent values stay absent.
    Masked,
}

/// The view a principal gets.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Lens {
    /// Client addresses.
    pub client: Appearance,
    /// User names.
    pub user: Appearance,
    /// Path, query and fragment of URLs; the origin (scheme, host, port) stays.
    pub url: Appearance,
}

impl Lens {
    /// What a masked value looks like.
    pub const MASK: &'static str = "***";
    /// Everything as logged.
    pub const PLAIN: Lens = Lens { client: Appearance::Plain, user: Appearance::Plain, url: Appearance::Plain };
    /// Nothing personal.
    pub const MASKED: Lens = Lens { client: Appearance::Masked, user: Appearance::Masked, url: Appearance::Masked };

    /// The client as this lens shows it; empty where the line had none.
    pub fn client<'v>(&self, raw: &'v [u8]) -> Cow<'v, [u8]> {
        shown(self.client, raw)
    }

    /// The user as this lens shows it; empty where the line had none.
    pub fn user<'v>(&self, raw: &'v [u8]) -> Cow<'v, [u8]> {
        shown(self.user, raw)
    }

    /// The part of the URL behind its origin as this lens shows it.
    pub fn path<'v>(&self, raw: &'v [u8]) -> Cow<'v, [u8]> {
        match self.url {
            Appearance::Plain => Cow::Borrowed(raw),
            Appearance::Masked if raw.is_empty() || raw == b"/" => Cow::Borrowed(raw),
            Appearance::Masked if raw.starts_with(b"/") => Cow::Borrowed(b"/***"),
            Appearance::Masked => Cow::Borrowed(Self::MASK.as_bytes()),
        }
    }

    /// Whether raw client addresses may be compared, as a CIDR filter must.
    pub fn client_is_plain(&self) -> bool {
        self.client == Appearance::Plain
    }

    /// Whether nothing is hidden.
    pub fn is_plain(&self) -> bool {
        *self == Self::PLAIN
    }
}

fn shown(appearance: Appearance, raw: &[u8]) -> Cow<'_, [u8]> {
    match appearance {
        Appearance::Masked if !raw.is_empty() => Cow::Borrowed(Lens::MASK.as_bytes()),
        _ => Cow::Borrowed(raw),
    }
}
