//! DER as a tree that can be changed anywhere and written again, rightly or not.

/// One element. Tags of one byte are enough for certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) tag: u8,
    pub(crate) body: Body,
    /// Bytes more than needed in the length; 0 is DER.
    pub(crate) longer: u8,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    Bytes(Vec<u8>),
    /// Elements, behind bytes that aren't one: the count of unused bits of a BIT STRING.
    Nodes(Vec<u8>, Vec<Node>),
}

impl Node {
    pub(crate) fn bytes(tag: u8, bytes: &[u8]) -> Self {
        Self {
            tag,
            body: Body::Bytes(bytes.to_vec()),
            longer: 0,
        }
    }

    pub(crate) fn nodes(tag: u8, nodes: Vec<Self>) -> Self {
        Self {
            tag,
            body: Body::Nodes(Vec::new(), nodes),
            longer: 0,
        }
    }

    pub(crate) fn oid(value: &[u8]) -> Self {
        Self::bytes(0x06, value)
    }

    pub(crate) fn sequence(nodes: Vec<Self>) -> Self {
        Self::nodes(0x30, nodes)
    }

    /// All elements of `der`, or `None` if it isn't a row of them.
    pub(crate) fn parse_all(mut der: &[u8]) -> Option<Vec<Self>> {
        let mut all = Vec::new();
        while !der.is_empty() {
            let tag = *der.first()?;
            let first = usize::from(*der.get(1)?);
            let (header, len) = match first {
                0..=0x7f => (2, first),
                0x81 => (3, usize::from(*der.get(2)?)),
                0x82 => (
                    4,
                    usize::from(*der.get(2)?) << 8 | usize::from(*der.get(3)?),
                ),
                _ => return None,
            };
            let value = der.get(header..header + len)?;
            if tag & 0x1f == 0x1f {
                return None;
            }
            all.push(Self {
                tag,
                body: Self::body(tag, value),
                longer: 0,
            });
            der = &der[header + len..];
        }
        Some(all)
    }

    /// Constructed values, and strings that hold elements: extension values and public keys.
    fn body(tag: u8, value: &[u8]) -> Body {
        let lead = match tag {
            _ if tag & 0x20 != 0 => Some(0),
            0x04 if !value.is_empty() => Some(0),
            0x03 if value.len() > 1 && value[0] == 0 => Some(1),
            _ => None,
        };
        lead.and_then(|lead| {
            let nodes = Self::parse_all(&value[lead..])?;
            let body = Body::Nodes(value[..lead].to_vec(), nodes);
            // A string of random bytes that happens to look like elements stays as it is.
            let mut again = Vec::new();
            Self::write_body(&body, &mut again);
            (again == value).then_some(body)
        })
        .unwrap_or_else(|| Body::Bytes(value.to_vec()))
    }

    pub(crate) fn to_der(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut Vec<u8>) {
        let mut value = Vec::new();
        Self::write_body(&self.body, &mut value);
        out.push(self.tag);
        let len = (value.len() as u32).to_be_bytes();
        let needed = if value.len() < 0x80 && self.longer == 0 {
            0
        } else {
            len.iter().skip_while(|byte| **byte == 0).count().max(1)
        };
        let count = (needed + usize::from(self.longer)).min(4);
        if count == 0 {
            out.push(value.len() as u8);
        } else {
            out.push(0x80 | count as u8);
            out.extend(&len[4 - count..]);
        }
        out.extend(value);
    }

    fn write_body(body: &Body, out: &mut Vec<u8>) {
        match body {
            Body::Bytes(bytes) => out.extend(bytes),
            Body::Nodes(lead, nodes) => {
                out.extend(lead);
                for node in nodes {
                    node.write(out);
                }
            }
        }
    }

    /// The elements inside; none for a plain value.
    pub(crate) fn inside(&mut self) -> &mut Vec<Self> {
        if let Body::Bytes(_) = self.body {
            self.body = Body::Nodes(Vec::new(), Vec::new());
        }
        match &mut self.body {
            Body::Nodes(_, nodes) => nodes,
            Body::Bytes(_) => unreachable!(),
        }
    }

    /// This and all below.
    pub(crate) fn count(&self) -> usize {
        match &self.body {
            Body::Bytes(_) => 1,
            Body::Nodes(_, nodes) => 1 + nodes.iter().map(Self::count).sum::<usize>(),
        }
    }

    /// The `n`th of them, from the top, in the order of their bytes.
    pub(crate) fn nth(&mut self, n: &mut usize) -> Option<&mut Self> {
        if *n == 0 {
            return Some(self);
        }
        *n -= 1;
        match &mut self.body {
            Body::Bytes(_) => None,
            Body::Nodes(_, nodes) => nodes.iter_mut().find_map(|node| node.nth(n)),
        }
    }
}
