//! The words every room shares: events, filters, time, lenses. No I/O here, no clock but through [`Clock`].
//!
//! Names are the field's: W3C extended log fields (`c_ip`, `cs_method`, `sc_status` …) and Squid's own
//! (result code, hierarchy, peer).

mod batch;
mod checkpoint;
mod classifiers;
mod durations;
mod erasure;
mod event;
mod field;
mod filter;
mod finding;
mod grouped;
mod ip_literal;
mod lens;
mod observed;
mod outcome;
mod page;
mod path_traits;
mod personal;
mod personal_data;
mod principal;
mod pseudonym;
mod reject;
mod rollup;
mod schedule;
mod scope;
mod severity;
mod shape;
mod stored_row;
mod storing;
mod subject;
mod tag;
mod time;
mod verdict;
mod view;
mod visit;

pub use batch::{Batch, DictColumn, Interner, KindParts, MAX_BLOCK_ROWS, NOT_LOGGED, TextColumn};
pub use checkpoint::{Advance, Checkpoint, Fingerprint, Mark};
pub use classifiers::{AgentName, Classifiers, PathReader};
pub use durations::{DurationCounts, Durations};
pub use erasure::{Erased, ErasureProgress, FileTraces, Trace, TracePlace, Traces};
pub use event::{AccessEvent, Event, RowId, SourceName, Target};
pub use field::{Field, FieldSet};
pub use filter::{ClientTerm, EventFilter, StatusTerm, Terms};
pub use finding::{Finding, FindingStatus, FindingView};
pub use grouped::grouped;
pub use ip_literal::ip_literal;
pub use lens::{ClientLevel, Lens, UrlLevel, UserLevel};
pub use observed::Observed;
pub use outcome::{Outcome, OutcomeCounts};
pub use page::{Arrivals, Order, Page, PageQuery, Place, Position, Sort, SortValue};
pub use path_traits::PathTraits;
pub use personal::{ClientIp, RejectedLine, Url, Username};
pub use personal_data::{Owner, People, PersonalRows, holds_personal};
pub use principal::{AccountId, Credential, Principal, Role};
pub use pseudonym::{PseudonymKey, PseudonymKind};
pub use reject::{Kept, Reject, RejectCount, RejectPage, RejectQuery, RejectReason, RejectView, StoredReject};
pub use rollup::{
    Dimension, GroupEntry, GroupOrder, GroupQuery, Groups, Measure, Resolution, Seen, SeriesPoint, SeriesQuery,
    StoreStats, TimelinePoint, Totals,
};
pub use schedule::{Schedule, ScheduleFault};
pub use scope::{Scope, Scopes};
pub use severity::Severity;
pub use shape::shape;
pub use stored_row::{StoredRow, Text};
pub use storing::{RowScorer, Storing};
pub use subject::{Occurrences, Subject, SubjectKind, SubjectSearch};
pub use tag::{OriginPredicate, OriginTest, OutcomeSet, PathTest, Tag, TagTest};
pub use time::{Clock, DAY_MS, FixedClock, HOUR_MS, SystemClock, TimeError, TimeRange, Timestamp};
pub use verdict::Verdict;
pub use view::EventView;
pub use visit::{Visit, VisitNames, VisitSink};
