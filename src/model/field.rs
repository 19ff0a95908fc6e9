//! Which facts about a request a way of logging carries: what a log can show, and what nobody can find in it.

/// A fact about a request that a line may carry.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Field {
    /// When it was completed.
    Time,
    /// How long it took.
    TimeTaken,
    /// The client's address or name.
    Client,
    /// The user's name.
    User,
    /// The method.
    Method,
    /// The target: a URL, or CONNECT's host and port.
    Url,
    /// The target's query string.
    Query,
    /// The status code.
    Status,
    /// Bytes sent to the client.
    Bytes,
    /// What the proxy did with it: Squid's result code, or another product's word.
    Result,
    /// Where it was sent on to.
    Peer,
    /// The MIME type of the reply.
    ContentType,
    /// The User-Agent header.
    UserAgent,
    /// The Referer header.
    Referer,
    /// Bytes received from the client.
    ClientBytes,
}

impl Field {
    /// Every field.
    pub const ALL: [Field; 15] = [
        Field::Time,
        Field::TimeTaken,
        Field::Client,
        Field::User,
        Field::Method,
        Field::Url,
        Field::Query,
        Field::Status,
        Field::Bytes,
        Field::Result,
        Field::Peer,
        Field::ContentType,
        Field::UserAgent,
        Field::Referer,
        Field::ClientBytes,
    ];
}

/// Some of the fields.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct FieldSet(u16);

impl FieldSet {
    /// These fields.
    pub const fn of(fields: &[Field]) -> FieldSet {
        let (mut bits, mut at) = (0, 0);
        while at < fields.len() {
            bits |= 1 << fields[at] as u16;
            at += 1;
        }
        FieldSet(bits)
    }

    /// With one more.
    #[must_use]
    pub const fn with(self, field: Field) -> FieldSet {
        FieldSet(self.0 | 1 << field as u16)
    }

    /// These and those.
    #[must_use]
    pub const fn and(self, others: FieldSet) -> FieldSet {
        FieldSet(self.0 | others.0)
    }

    /// Whether any is among the others.
    pub const fn meets(self, others: FieldSet) -> bool {
        self.0 & others.0 != 0
    }

    /// Whether the field is among them.
    pub const fn has(self, field: Field) -> bool {
        self.0 & 1 << field as u16 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_it_was_made_of() {
        let set = FieldSet::of(&[Field::Time, Field::Referer]).with(Field::Url);
        let held: Vec<Field> = Field::ALL.into_iter().filter(|field| set.has(*field)).collect();
        assert_eq!(held, [Field::Time, Field::Url, Field::Referer]);
        let others = FieldSet::of(&[Field::Query]);
        assert!(set.meets(set) && !set.meets(others) && set.and(others).meets(others));
    }
}
