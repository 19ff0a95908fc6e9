//! The result codes and statuses the generator writes, as one closed list.
//!
//! It says what exists, not how often: the weights are in `traffic.rs`.

macro_rules! outcomes {
    ($($name:ident $text:literal),+ $(,)?) => {
        /// What became of a request, as Squid logs it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(super) enum Outcome { $($name),+ }

        /// Every value of the fourth field the generator writes, in the order of
        /// [`Counts::outcomes`](super::Counts::outcomes).
        pub const OUTCOMES: [&str; [$($text),+].len()] = [$($text),+];
    };
}

outcomes! {
    Miss200 "TCP_MISS/200", Miss201 "TCP_MISS/201", Miss204 "TCP_MISS/204",
    Miss206 "TCP_MISS/206", Miss301 "TCP_MISS/301", Miss302 "TCP_MISS/302",
    Miss304 "TCP_MISS/304", Miss400 "TCP_MISS/400", Miss401 "TCP_MISS/401",
    Miss403 "TCP_MISS/403", Miss404 "TCP_MISS/404", Miss500 "TCP_MISS/500",
    Miss502 "TCP_MISS/502", Miss503 "TCP_MISS/503", Miss504 "TCP_MISS/504",
    Hit200 "TCP_HIT/200", MemHit200 "TCP_MEM_HIT/200", ImsHit304 "TCP_IMS_HIT/304",
    Unmodified200 "TCP_REFRESH_UNMODIFIED/200", Unmodified304 "TCP_REFRESH_UNMODIFIED/304",
    Modified200 "TCP_REFRESH_MODIFIED/200",
    Tunnel200 "TCP_TUNNEL/200", Tunnel503 "TCP_TUNNEL/503",
    Denied403 "TCP_DENIED/403", Denied407 "TCP_DENIED/407",
    Aborted000 "TCP_MISS_ABORTED/000", Aborted200 "TCP_MISS_ABORTED/200",
    None000 "NONE_NONE/000", None400 "NONE_NONE/400",
}

impl Outcome {
    /// The text of the field, `CODE/status`.
    #[inline]
    pub(super) fn text(self) -> &'static str {
        OUTCOMES[self as usize]
    }

    /// True where Squid answers by itself and logs `HIER_NONE/-`.
    #[inline]
    pub(super) fn answered_by_proxy(self) -> bool {
        matches!(
            self,
            Self::Hit200
                | Self::MemHit200
                | Self::ImsHit304
                | Self::Tunnel503
                | Self::Denied403
                | Self::Denied407
                | Self::Aborted000
                | Self::None000
                | Self::None400
        )
    }
}
