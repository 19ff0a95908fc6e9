//! What the path of a target and the type of the reply say together: few values for many rows, so that they are kept
//! like names are.

/// What a row's path says.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct PathTraits<'t> {
    /// The extension of the last segment, in lower case, without the dot; empty where there is none.
    pub extension: &'t [u8],
    /// The extension before it, where there are two and the first is a document's that hides a program: `pdf` of
    /// `invoice.pdf.exe`.
    pub inner: &'t [u8],
    /// Whether extension and MIME type contradict each other.
    pub mismatch: bool,
    /// Whether the path is unusually random.
    pub high_entropy: bool,
    /// Whether URL, referer or agent of the row hold personal data, so that a lens may show them differently: what
    /// [`holds_personal`](super::holds_personal) says.
    pub personal: bool,
}

impl<'t> PathTraits<'t> {
    /// Writes the text form into `out`, replacing what it held: a byte of flags, the extension, a full stop, the inner
    /// extension.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.clear();
        out.push(b'0' | u8::from(self.mismatch) | u8::from(self.high_entropy) << 1 | u8::from(self.personal) << 2);
        out.extend_from_slice(self.extension);
        if !self.inner.is_empty() {
            out.push(b'.');
            out.extend_from_slice(self.inner);
        }
    }

    /// Marks what [`PathTraits::write`] wrote as personal.
    pub fn mark_personal(text: &mut [u8]) {
        if let Some(flags) = text.first_mut() {
            *flags |= 1 << 2;
        }
    }

    /// Reads the text form; `None` when it is not one.
    pub fn read(text: &'t [u8]) -> Option<PathTraits<'t>> {
        let (flags, rest) = text.split_first()?;
        let flags = flags.checked_sub(b'0').filter(|flags| *flags < 8)?;
        let dot = rest.iter().position(|byte| *byte == b'.');
        let (extension, inner) = dot.map_or((rest, &rest[..0]), |dot| (&rest[..dot], &rest[dot + 1..]));
        Some(PathTraits {
            extension,
            inner,
            mismatch: flags & 1 != 0,
            high_entropy: flags & 2 != 0,
            personal: flags & 4 != 0,
        })
    }
}
