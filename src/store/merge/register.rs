//! A value that the latest change wins. It must not know of what.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::store::stamp::Stamp;

/// A value as the JSON that it was read from: that takes less room than what is read of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Json(String);

/// The latest value of a field: the greater of two. Two programs on one device may give one stamp twice: then
/// the text of the value decides, so that every reader of the logs decides the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Register {
    /// When it was set.
    pub at: Stamp,
    json: Json,
}

impl Json {
    /// A value that was read from JSON.
    pub fn of(value: &impl Serialize) -> Json {
        // So it can be written as JSON.
        Json(serde_json::to_string(value).unwrap_or_default())
    }

    /// The value.
    pub fn value(&self) -> Value {
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}

impl Register {
    /// What a change at a time sets.
    pub fn new(at: &Stamp, value: &impl Serialize) -> Register {
        Register { at: at.clone(), json: Json::of(value) }
    }

    /// The value.
    pub fn value(&self) -> Value {
        self.json.value()
    }
}

/// Sets a field, unless what is known of it is later.
pub fn keep_latest<K: Ord>(fields: &mut BTreeMap<K, Register>, field: K, new: Register) {
    match fields.entry(field) {
        Entry::Vacant(place) => drop(place.insert(new)),
        Entry::Occupied(mut known) if *known.get() < new => drop(known.insert(new)),
        Entry::Occupied(_) => {}
    }
}
