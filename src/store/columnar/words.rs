//! Words that rows must hold: each somewhere in URL, agent, referer or user, as the lens shows them, without regard to
//! the case of ASCII letters. Dictionaries are searched once per entry, the texts of a block frame by frame, each as one
//! piece: put into lower case and searched by `memmem`. What a lens may show in another way than it is stored is looked
//! at as it is shown, row by row; a masked reader never finds by what is hidden.

use super::block::Dictionary;
use super::column::Column;
use super::filter::Resolved;
use super::id_set::IdSet;
use super::page::{FrameCache, ValueCache};
use super::reader::Session;
use super::select::Mask;
use super::selection::Selection;
use super::snapshot::BlockMeta;
use crate::model::{ClientIp, Event, EventView, Lens, Owner, TextColumn, Url, UrlLevel, Username};
use crate::store::StoreResult;
use memchr::memmem::Finder;
use std::collections::HashMap;
use std::sync::Arc;

/// A word, ready to be searched for.
#[derive(Clone, Debug)]
pub(super) struct Needle {
    finder: Finder<'static>,
    /// Where it can be cut in two, between characters: an origin may end in the middle of it.
    borders: Vec<usize>,
    scratch: Vec<u8>,
}

impl Needle {
    pub(super) fn new(word: &str) -> Needle {
        let word = word.to_ascii_lowercase();
        let borders = word.char_indices().map(|(at, _)| at).skip(1).collect();
        Needle { finder: Finder::new(word.as_bytes()).into_owned(), borders, scratch: Vec::new() }
    }

    /// The word, in lower case.
    fn text(&self) -> &[u8] {
        self.finder.needle()
    }

    pub(super) fn borders(&self) -> &[usize] {
        &self.borders
    }

    /// Whether a text holds it; remembers the text for [`Needle::begins_in`].
    pub(super) fn is_in(&mut self, text: &[u8]) -> bool {
        self.scratch.clear();
        self.scratch.extend_from_slice(text);
        self.scratch.make_ascii_lowercase();
        self.finder.find(&self.scratch).is_some()
    }

    /// Hands the number of every border at which the text last looked at ends.
    pub(super) fn begins_in(&self, mut each: impl FnMut(usize)) {
        let Some(last) = self.scratch.last() else { return };
        // What is longer than the text is no end of it.
        for (border, at) in self.borders.iter().enumerate().take_while(|(_, at)| **at <= self.scratch.len()) {
            let start = &self.text()[..*at];
            if start.last() == Some(last) && self.scratch.ends_with(start) {
                each(border);
            }
        }
    }

    /// Adds the rows whose texts, in lower case, hold it; `first` is the row of the first text.
    fn find_all(&self, texts: &TextColumn, first: usize, found: &mut Selection) {
        let length = self.text().len();
        let (mut from, mut row) = (0, 0);
        while let Some(at) = self.finder.find(&texts.bytes[from..]).map(|at| from + at) {
            while texts.ends[row] as usize <= at {
                row += 1;
            }
            let end = texts.ends[row] as usize;
            if at + length <= end {
                found.insert(first + row);
                from = end;
            } else {
                from = at + 1;
            }
        }
    }

    /// Whether what a lens shows can hold the word though what is stored does not: where it could be, or touch, what
    /// stands for something hidden.
    fn may_be_shown_only(&self, lens: &Lens) -> bool {
        matches!(lens.url, UrlLevel::Pseudonym(_)) || self.text().contains(&b'*')
    }

    /// Whether it holds the character that bytes that are no text are shown as.
    fn has_replacement(&self) -> bool {
        memchr::memmem::find(self.text(), "\u{fffd}".as_bytes()).is_some()
    }
}

/// A word, and the dictionary entries that hold it.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) needle: Needle,
    /// Those that hold it, then, for each of its borders, those that end there.
    pub(super) origins: Arc<Vec<IdSet>>,
    pub(super) agents: Arc<Vec<IdSet>>,
    pub(super) users: Arc<Vec<IdSet>>,
}

/// Takes out the rows that don't hold all words of a filter.
pub(super) fn keep(
    session: &Session<'_>,
    block: &BlockMeta,
    filter: &Resolved,
    rows: &mut Selection,
) -> StoreResult<()> {
    let (words, lens) = (&filter.words[..], &filter.lens);
    let mut texts = Texts { session, block, lens, lowered: HashMap::new() };
    // Rows that may be shown differently: what is found in them is but a hint.
    let mut doubtful = Selection::none(block.rows as usize);
    if words.iter().any(|word| word.needle.has_replacement()) {
        doubtful.add(rows);
    } else if let Some(personal) = &filter.personal {
        doubtful.add(&having(session, block, Dictionary::Path, personal, rows)?);
    }
    for word in words {
        let mut found = word.find(session, block, &mut texts, rows)?;
        if word.needle.has_replacement() || word.needle.may_be_shown_only(lens) {
            found.add(&doubtful);
        }
        rows.keep(&found);
        if rows.is_empty() {
            return Ok(());
        }
    }
    doubtful.keep(rows);
    if !doubtful.is_empty() {
        let (frames, values) = (FrameCache::default(), ValueCache::new(session));
        let mut shown = Shown { session, block, lens, frames, values };
        let mut needles: Vec<Needle> = words.iter().map(|word| word.needle.clone()).collect();
        for row in doubtful.iter() {
            if !shown.holds_all(&mut needles, row)? {
                rows.clear(row..row + 1);
            }
        }
    }
    Ok(())
}

impl Word {
    /// The rows among `rows` that hold the word as they are stored.
    fn find(
        &self,
        session: &Session<'_>,
        block: &BlockMeta,
        texts: &mut Texts<'_>,
        rows: &Selection,
    ) -> StoreResult<Selection> {
        let mut found = Selection::none(block.rows as usize);
        let mut left = rows.clone();
        let dictionaries =
            [(Dictionary::Origin, &self.origins), (Dictionary::Agent, &self.agents), (Dictionary::User, &self.users)];
        for (dictionary, sets) in dictionaries {
            if let Some(set) = sets.first().filter(|set| !set.is_empty()) {
                found.add(&having(session, block, dictionary, set, &left)?);
                left.remove(&found);
            }
        }
        if left.is_empty() {
            return Ok(found);
        }
        let mut borders = Vec::new();
        for (border, set) in self.needle.borders().iter().zip(self.origins.iter().skip(1)) {
            if !set.is_empty() {
                let ending = having(session, block, Dictionary::Origin, set, &left)?;
                if !ending.is_empty() {
                    borders.push((&self.needle.text()[*border..], ending));
                }
            }
        }
        for column in [Column::Rest, Column::Referer] {
            let Some(header) = session.header(block.id, column)? else { continue };
            for frame in 0..header.row_frames() {
                let inside = header.rows_in(frame);
                if left.count_in(inside.clone()) == 0 {
                    continue;
                }
                let lowered = texts.lowered(column, frame)?;
                if lowered.ends.len() != inside.len() {
                    return Err(super::reader::corrupt(block.id, column, "a row is missing"));
                }
                self.needle.find_all(lowered, inside.start, &mut found);
                for (behind, ending) in borders.iter().filter(|_| column == Column::Rest) {
                    for row in ending.iter_in(inside.clone()) {
                        if lowered.get(row - inside.start).starts_with(behind) {
                            found.insert(row);
                        }
                    }
                }
            }
            left.remove(&found);
        }
        Ok(found)
    }
}

/// Those of `rows` whose entry of a dictionary is among these.
pub(super) fn having(
    session: &Session<'_>,
    block: &BlockMeta,
    dictionary: Dictionary,
    ids: &IdSet,
    rows: &Selection,
) -> StoreResult<Selection> {
    let mask = Mask::of(session, block, dictionary, |id| ids.contains(id))?;
    if mask.is_empty() {
        return Ok(Selection::none(block.rows as usize));
    }
    let mut having = rows.clone();
    mask.keep(session, block, &mut having)?;
    Ok(having)
}

/// The texts of a block in lower case, each frame decoded once for all words; as the lens shows them where it hides
/// nobody in particular.
struct Texts<'s> {
    session: &'s Session<'s>,
    block: &'s BlockMeta,
    lens: &'s Lens,
    lowered: HashMap<(Column, usize), TextColumn>,
}

impl Texts<'_> {
    fn lowered(&mut self, column: Column, frame: usize) -> StoreResult<&TextColumn> {
        use std::collections::hash_map::Entry;
        Ok(match self.lowered.entry((column, frame)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let mut texts = self.session.texts(self.block, column, frame)?;
                if self.lens.url == UrlLevel::Mask {
                    texts = masked(&texts, column, self.lens);
                }
                texts.bytes.make_ascii_lowercase();
                new.insert(texts)
            }
        })
    }
}

/// The texts as a lens shows them that masks them whole.
fn masked(texts: &TextColumn, column: Column, lens: &Lens) -> TextColumn {
    let (nobody, mut shown) = (Owner::default(), TextColumn::default());
    for row in 0..texts.ends.len() {
        shown.push(&match column {
            Column::Referer => lens.referer(texts.get(row), &nobody),
            _ => lens.path(texts.get(row), &nobody),
        });
    }
    shown
}

/// Rows of a block one by one, as the lens shows them.
struct Shown<'s> {
    session: &'s Session<'s>,
    block: &'s BlockMeta,
    lens: &'s Lens,
    frames: FrameCache,
    values: ValueCache<'s>,
}

impl Shown<'_> {
    /// Whether a row, as it is shown, holds all words.
    fn holds_all(&mut self, words: &mut [Needle], row: usize) -> StoreResult<bool> {
        let view = EventView::of(&self.event(row)?, self.lens);
        let texts = [Some(view.url), view.user_agent, view.referer, view.user];
        let is_held = |word: &mut Needle| texts.iter().flatten().any(|text| word.is_in(text.as_bytes()));
        Ok(words.iter_mut().all(is_held))
    }

    /// What words are looked for in, and whose row it is; nothing else of the row.
    fn event(&mut self, row: usize) -> StoreResult<Event> {
        let (session, block, frames) = (self.session, self.block, &mut self.frames);
        let mut value = |dictionary| {
            let id = frames.id(session, block, dictionary, row)?;
            self.values.get(dictionary, id)
        };
        let (client, user) = (value(Dictionary::Client)?, value(Dictionary::User)?);
        let (origin, user_agent) = (value(Dictionary::Origin)?, value(Dictionary::Agent)?);
        Ok(Event {
            c_ip: ClientIp::new(client),
            cs_username: Username::new(user),
            origin,
            user_agent,
            rest: Url::new(frames.text(session, block, Column::Rest, row)?),
            referer: Url::new(frames.optional_text(session, block, Column::Referer, row)?),
            ..Event::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn borders(word: &str, text: &str) -> Vec<usize> {
        let (mut needle, mut found) = (Needle::new(word), Vec::new());
        needle.is_in(text.as_bytes());
        needle.begins_in(|border| found.push(border));
        found
    }

    #[test]
    fn a_word_may_begin_where_a_text_ends() {
        for (word, text, found) in [
            ("com/x", "http://a.COM", vec![2]),
            ("aab/", "http://aa", vec![0, 1]),
            ("aab/", "a", vec![0]),
            ("aaaa", "aa", vec![0, 1]),
            ("x", "x", vec![]),
            ("ab", "", vec![]),
            ("\u{e9}x", "caf\u{e9}", vec![0]),
        ] {
            assert_eq!(borders(word, text), found, "{word} {text}");
        }
    }

    #[test]
    fn a_long_word_is_looked_for_as_fast_as_a_short_one() {
        let (mut needle, start) = (Needle::new(&"a".repeat(30_000)), Instant::now());
        for _ in 0..10_000 {
            assert!(!needle.is_in(b"http://a"));
            needle.begins_in(|border| assert_eq!(border, 0));
        }
        // Trying every border takes a hundred times this.
        assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    }
}
