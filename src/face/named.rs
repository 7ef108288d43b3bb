use std::fmt;
use std::marker::PhantomData;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};

/// Read from an object. A derived struct would take a list of values as well, and whoever
/// reviews a file must see which is which.
pub(super) struct Named<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Named<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
            type Value = Named<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object whose fields have names")
            }

            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Named<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(fields)).map(Named)
            }
        }
        deserializer.deserialize_map(Object(PhantomData))
    }
}
