//! Results that nobody asked for: those of card check-ins, as they come.

mod error;
mod item;

pub use error::{FeedError, FeedTrouble};
pub use item::{FeedItem, FeedResult, ResultId};

use jiff::Timestamp;

use crate::Realm;

/// Results of card check-ins, as they come in.
///
/// The clinic's software can't begin a check-in at a card reader (顔認証付きカード
/// リーダー), it only gets the results. Where they come as files,
/// [`FaceFolder`](super::folders::FaceFolder) is the feed; a vendor with the Web API
/// makes one of that.
///
/// **A result that comes next isn't that of the person at the desk.** Whose it is
/// says [`ArmedFeed`](super::armed::ArmedFeed).
///
/// # What a feed keeps to
///
/// - No call blocks, sleeps or reads a clock: `now` comes in.
/// - Each result is delivered once, under a [`ResultId`] that no other result has,
///   and that it gets again if it is delivered again after a restart. What can't be
///   taken for a result is told as [`FeedItem::Trouble`]; nothing is dropped in
///   silence.
/// - A result isn't removed from where it came from before it was
///   [settled](Self::settle).
/// - It belongs to one realm, and so do all its results.
///
/// # Examples
///
/// A feed over a link of a vendor's own:
///
/// ```
/// use std::collections::BTreeMap;
///
/// use jiff::Timestamp;
/// use uketsuke::Realm;
/// use uketsuke::eligibility::message::parse_report;
/// use uketsuke::eligibility::{
///     FeedError, FeedItem, FeedResult, FeedTrouble, ResultFeed, ResultId,
/// };
///
/// /// What the vendor's own thread got: number at the centre, and document.
/// struct WebApi {
///     arrived: Vec<(u64, Vec<u8>)>,
///     delivered: BTreeMap<ResultId, u64>,
///     acknowledged: Vec<u64>,
/// }
///
/// impl ResultFeed for WebApi {
///     fn realm(&self) -> Realm {
///         Realm::Production
///     }
///
///     fn poll(&mut self, _: Timestamp) -> Result<Vec<FeedItem>, FeedError> {
///         let mut items = Vec::new();
///         for (number, document) in self.arrived.drain(..) {
///             let source = format!("web-{number}");
///             items.push(match (ResultId::new(&source), parse_report(&document, 4 << 20)) {
///                 (Some(id), Ok(parsed)) => {
///                     self.delivered.insert(id.clone(), number);
///                     FeedItem::Result(Box::new(FeedResult::new(id, parsed.report)))
///                 }
///                 (_, Err(error)) => {
///                     FeedItem::Trouble { source, trouble: FeedTrouble::Unreadable(error) }
///                 }
///                 (None, Ok(_)) => unreachable!("short, and printable"),
///             });
///         }
///         Ok(items)
///     }
///
///     fn settle(&mut self, id: &ResultId) -> Result<(), FeedError> {
///         let number = self.delivered.get(id).ok_or(FeedError::UnknownResult)?;
///         self.acknowledged.push(*number);
///         Ok(())
///     }
/// }
///
/// let document = b"<XmlMsg><MessageHeader><SegmentOfResult>9</SegmentOfResult></MessageHeader></XmlMsg>";
/// let arrived = vec![(1, document.to_vec()), (2, b"<XmlMsg>".to_vec())];
/// let mut feed: Box<dyn ResultFeed> =
///     Box::new(WebApi { arrived, delivered: BTreeMap::new(), acknowledged: Vec::new() });
/// let items = feed.poll(Timestamp::UNIX_EPOCH)?;
/// let [FeedItem::Result(result), FeedItem::Trouble { source, .. }] = &items[..] else {
///     panic!("{items:?}")
/// };
/// assert_eq!(source, "web-2");
/// feed.settle(result.id())?;
/// # Ok::<(), FeedError>(())
/// ```
pub trait ResultFeed {
    /// The world that it belongs to.
    fn realm(&self) -> Realm;

    /// What came since the last time. A feed that is asked more often than anything
    /// comes answers with nothing.
    ///
    /// # Errors
    /// The place where results come from can't be reached now. Nothing is lost by
    /// it: what is there is delivered when it can be reached again.
    fn poll(&mut self, now: Timestamp) -> Result<Vec<FeedItem>, FeedError>;

    /// Says that you have kept a result, so that it may go from where it came from.
    /// Say it again as often as you like.
    ///
    /// # Errors
    /// [`FeedError::UnknownResult`]. That it couldn't be removed is no error here;
    /// it is tried again when polled, and told as trouble.
    fn settle(&mut self, id: &ResultId) -> Result<(), FeedError>;
}

macro_rules! forward {
    ($($pointer:ty),+) => { $(
        /// A reference to a feed, or a box around it, is that feed.
        impl<F: ResultFeed + ?Sized> ResultFeed for $pointer {
            fn realm(&self) -> Realm {
                (**self).realm()
            }

            fn poll(&mut self, now: Timestamp) -> Result<Vec<FeedItem>, FeedError> {
                (**self).poll(now)
            }

            fn settle(&mut self, id: &ResultId) -> Result<(), FeedError> {
                (**self).settle(id)
            }
        }
    )+ };
}

forward!(&mut F, Box<F>);
