/// A message from the frontend to the backend.
package protocol FrontendMessage {
    /// Appends the whole message, with its type byte and length.
    func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError)
}
