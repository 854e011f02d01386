package dev.holdfast.server.events;

import dev.holdfast.server.route.Outlet;
import java.time.Instant;
import java.util.Optional;

/** One reader. Used by the follower alone, once it is here. */
final class EventStream {
  private final EventFilter filter;
  private final Optional<Instant> resumed;
  private final Outlet outlet;

  /**
   * @param resumed the look from which on it has missed what was told
   */
  EventStream(EventFilter filter, Optional<Instant> resumed, Outlet outlet) {
    this.filter = filter;
    this.resumed = resumed;
    this.outlet = outlet;
  }

  EventFilter filter() {
    return filter;
  }

  Optional<Instant> resumed() {
    return resumed;
  }

  /** A reader who does not keep up is told so and sent away: others must not wait for it. */
  void send(byte[] event) {
    if (!outlet.send(event)) {
      outlet.end(Event.end("too much waited to be read: come back, and read what you show again"));
    }
  }

  void end(String why) {
    outlet.end(Event.end(why));
  }

  boolean isEnded() {
    return outlet.isEnded();
  }
}
