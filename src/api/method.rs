//! [`Method`]: what ties a method's name, its parameters and its result together.

use core::fmt;

use super::{read::Reader, write::Writer};

/// A method of the Element API. The type is its parameters; it is implemented by this crate only.
///
/// ```
/// use element_pairing::api::{Method, RemoveVolumePair};
///
/// assert_eq!(RemoveVolumePair::NAME, "RemoveVolumePair");
/// ```
pub trait Method: Sized + fmt::Debug {
    /// The method's name, as a request has it.
    const NAME: &'static str;

    /// The names of its parameters.
    const PARAMS: &'static [&'static str];

    /// What the method returns. Listings borrow from the text of the response.
    type Output<'a>: fmt::Debug;

    #[doc(hidden)]
    fn write_params(&self, writer: &mut Writer<'_>);

    #[doc(hidden)]
    fn read_params(reader: &mut Reader<'_>) -> Option<Self>;

    #[doc(hidden)]
    fn read_result<'a>(reader: &mut Reader<'a>) -> Option<Self::Output<'a>>;
}

/// A method of which neither the request nor the response carries a key: both can be written by
/// serde, which leaves copies behind.
pub trait KeyFree: Method {}

/// Declares a method by the table of its parameters, in the order in which they are written.
macro_rules! method {
    ($(#[$meta:meta])* $method:ident {} returns $($rest:tt)*) => {
        $(#[$meta])*
        pub struct $method;

        method! { @impl $method {} returns $($rest)* }
    };
    (@impl
        $method:ident { $($field:ident: $type:ty = $name:ident,)* }
        returns $output:ty, |$reader:ident| $result:expr
    ) => {
        impl Method for $method {
            const NAME: &'static str = stringify!($method);

            const PARAMS: &'static [&'static str] =
                &[$(crate::api::name::Name::$name.as_str()),*];

            type Output<'a> = $output;

            fn write_params(&self, writer: &mut crate::api::write::Writer<'_>) {
                writer.object(&[$((crate::api::name::Name::$name, &self.$field),)*]);
            }

            fn read_params(reader: &mut crate::api::read::Reader<'_>) -> Option<Self> {
                result!(reader, Self { $($field: $type = $name,)* })
            }

            fn read_result<'a>(
                $reader: &mut crate::api::read::Reader<'a>,
            ) -> Option<Self::Output<'a>> {
                $result
            }
        }
    };
    (
        $(#[$meta:meta])*
        $method:ident { $($(#[$doc:meta])* $field:ident: $type:ty = $name:ident,)* }
        returns $($rest:tt)*
    ) => {
        $(#[$meta])*
        pub struct $method {
            $($(#[$doc])* pub $field: $type,)*
        }

        method! { @impl $method { $($field: $type = $name,)* } returns $($rest)* }
    };
}
pub(super) use method;

/// Reads an object that is not kept: into a struct, the value of one member, or nothing.
macro_rules! result {
    ($reader:ident, $struct:ident {}) => {
        $reader.object(&mut []).map(|_| $struct)
    };
    ($reader:ident, $struct:ident { $($field:ident: $type:ty = $name:ident,)* }) => {{
        let mut result = $struct { $($field: <$type as crate::api::read::Value>::empty(),)* };
        $reader.object(&mut [$((crate::api::name::Name::$name, &mut result.$field),)*])?;
        Some(result)
    }};
    ($reader:ident, $field:ident: $type:ty = $name:ident) => {{
        let mut $field: $type = crate::api::read::Value::empty();
        $reader.object(&mut [(crate::api::name::Name::$name, &mut $field)])?;
        Some($field)
    }};
    ($reader:ident) => {
        $reader.object(&mut []).map(|_| ())
    };
}
pub(super) use result;
