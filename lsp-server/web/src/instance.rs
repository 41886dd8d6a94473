//! What the module exports, without the linker's names: places and lengths become texts here.

use crate::functions;
use crate::memory::Memory;
use crate::session::Session;

/// All state of a module's instance.
#[derive(Debug, Default)]
pub struct Instance {
    memory: Memory,
    session: Session,
}

/// Place and length of a text that stays until the next call; both 0: there is none.
pub type Place = (usize, usize);

impl Instance {
    /// Room for that many bytes; 0 if there is no memory.
    pub fn allocate(&mut self, length: usize) -> usize {
        self.memory.allocate(length)
    }

    /// One call of a function: a request of [`functions`] in, an answer out.
    pub fn call(&mut self, place: usize, length: usize) -> Place {
        let answer = match self.memory.take(place, length) {
            Some(request) => functions::answer(&request),
            None => functions::not_allocated(),
        };
        self.memory.keep(answer.into_bytes())
    }

    /// One message for the language server: what it says at once.
    pub fn receive(&mut self, place: usize, length: usize) -> Place {
        if let Some(message) = self.memory.take(place, length) {
            self.session.receive(&String::from_utf8_lossy(&message));
        }
        self.said()
    }

    /// Does one job of the language server: what it says then. `None`: nothing was left to do.
    pub fn step(&mut self) -> Option<Place> {
        self.session.step().then(|| self.said())
    }

    fn said(&mut self) -> Place {
        match self.session.messages() {
            Some(messages) => self.memory.keep(messages.into_bytes()),
            None => (0, 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(instance: &mut Instance, text: &str) -> (usize, usize) {
        instance.memory.write(text.as_bytes())
    }

    #[test]
    fn what_a_call_takes_it_frees() {
        let mut instance = Instance::default();
        for _ in 0..3 {
            let (place, length) = write(&mut instance, r#"{"function":"format","text":"( null )"}"#);
            instance.call(place, length);
            let answer = r#"{"result":{"changed":true,"error":null,"text":"(null)\n"}}"#;
            assert_eq!(instance.memory.read(), answer);
            assert_eq!(instance.memory.blocks(), 0);
        }
        let (place, length) = write(
            &mut instance,
            r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#,
        );
        assert_ne!(instance.receive(place, length), (0, 0));
        assert!(instance.memory.read().starts_with("[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":"));
        assert_eq!((instance.step(), instance.memory.blocks()), (None, 0));
    }

    #[test]
    fn what_was_never_allocated_is_not_read() {
        let mut instance = Instance::default();
        instance.call(16, 1 << 20);
        assert!(instance.memory.read().contains("not-allocated"));
        assert_eq!(instance.receive(16, 1 << 20), (0, 0));
    }
}
