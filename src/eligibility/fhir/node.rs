//! A tree of JSON that borrows what it can and wipes what it made.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::eligibility::Personal;

pub(super) enum Node<'a> {
    Text(&'a str),
    Made(Personal),
    Flag(bool),
    Number(u32),
    List(Vec<Node<'a>>),
    Object(Object<'a>),
}

impl<'a> Node<'a> {
    /// Someone else's text; `None` for blank: FHIR has no empty strings.
    pub(super) fn text(text: &'a str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then_some(Self::Text(text))
    }

    pub(super) fn personal(text: Option<&'a Personal>) -> Option<Self> {
        Self::text(text?.reveal())
    }

    /// A text made here.
    pub(super) fn made(text: impl Into<String>) -> Self {
        Self::Made(Personal::new(text))
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Made(text) => serializer.serialize_str(text.reveal()),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => serializer.serialize_u32(*number),
            Self::List(list) => list.serialize(serializer),
            Self::Object(object) => object.serialize(serializer),
        }
    }
}

/// Fields in the order in which they were put.
#[derive(Default)]
pub(super) struct Object<'a>(Vec<(&'static str, Node<'a>)>);

impl<'a> Object<'a> {
    /// A resource of this type and id.
    pub(super) fn resource(kind: &'static str, id: &str) -> Self {
        Self::default()
            .with("resourceType", kind)
            .with("id", Node::made(id))
    }

    /// With one more field. What is empty is left out: FHIR has no empty lists or
    /// objects.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<Node<'a>>) -> Self {
        let value = value.into();
        let empty = match &value {
            Node::List(list) => list.is_empty(),
            Node::Object(object) => object.0.is_empty(),
            _ => false,
        };
        if !empty {
            self.0.push((name, value));
        }
        self
    }

    /// With one more field, if there is something in it.
    pub(super) fn with_some<N: Into<Node<'a>>>(self, name: &'static str, value: Option<N>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl From<&'static str> for Node<'_> {
    fn from(text: &'static str) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Node<'_> {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl<'a> From<Object<'a>> for Node<'a> {
    fn from(object: Object<'a>) -> Self {
        Self::Object(object)
    }
}

impl<'a, N: Into<Node<'a>>> From<Vec<N>> for Node<'a> {
    fn from(list: Vec<N>) -> Self {
        Self::List(list.into_iter().map(Into::into).collect())
    }
}
