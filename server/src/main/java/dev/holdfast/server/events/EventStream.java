package dev.holdfast.server.events;

import dev.holdfast.server.route.StreamSink;
import java.time.Instant;
import java.util.Optional;

/** The stream of one reader. Once added, it is used only by the follower. */
final class EventStream {
  private final EventFilter filter;
  private final Optional<Instant> resumed;
  private final StreamSink streamSink;

  /**
   * @param resumed the poll after which the reader missed events
   */
  EventStream(EventFilter filter, Optional<Instant> resumed, StreamSink streamSink) {
    this.filter = filter;
    this.resumed = resumed;
    this.streamSink = streamSink;
  }

  EventFilter filter() {
    return filter;
  }

  Optional<Instant> resumed() {
    return resumed;
  }

  /**
   * Sends an event. A stream whose reader does not keep up is ended, so that others need not wait
   * for it.
   */
  void send(byte[] event) {
    if (!streamSink.send(event)) {
      streamSink.end(Event.end("the reader was too slow: reconnect and fetch everything again"));
    }
  }

  void end(String why) {
    streamSink.end(Event.end(why));
  }

  boolean isEnded() {
    return streamSink.isEnded();
  }
}
