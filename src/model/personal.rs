//! Values that name a person: client address, user name, URL, rejected line. Their `Debug` is masked and they do not
//! serialise, so that no log line and no answer can carry one by accident; [`super::EventView`] and
//! [`super::RejectView`] are the way out.

use std::fmt;

macro_rules! personal {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(Box<[u8]>);

        impl $name {
            /// Wraps the bytes as logged; empty where the line had `-`.
            pub fn new(bytes: impl Into<Box<[u8]>>) -> Self {
                $name(bytes.into())
            }

            /// Whether the line named one.
            pub fn is_present(&self) -> bool {
                !self.0.is_empty()
            }

            pub(in crate::model) fn bytes(&self) -> &[u8] {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, concat!(stringify!($name), "({})"), if self.0.is_empty() { "-" } else { "***" })
            }
        }
    };
}

personal!(
    /// The client's address as logged (`%>a`); usually an IP address, a name where Squid resolves them.
    ClientIp
);
personal!(
    /// The user name as logged (`%[un`), still in Squid's escaping.
    Username
);
personal!(
    /// A line that could not be parsed, or what is kept of it: nothing is known about it, so all of it is personal.
    RejectedLine
);
personal!(
    /// The whole request target without userinfo (`%ru`).
    Url
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", ClientIp::new(*b"10.1.2.3")), "ClientIp(***)");
        assert_eq!(format!("{:?}", Username::new(*b"")), "Username(-)");
        assert!(!format!("{:?}", Url::new(*b"http://a/?q=1")).contains('a'));
    }
}
