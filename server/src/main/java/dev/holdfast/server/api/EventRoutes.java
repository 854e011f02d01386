package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.SEE;
import static dev.holdfast.server.route.Method.GET;

import dev.holdfast.server.events.EventFilter;
import dev.holdfast.server.events.Events;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Query;
import dev.holdfast.server.route.Route;
import java.util.List;

/** The route to the stream of server-sent events. */
public final class EventRoutes {
  private final Events events;

  /** Creates the route to these events. */
  public EventRoutes(Events events) {
    this.events = events;
  }

  /** Returns the routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(GET, "/api/v1/events", this::stream)
            .needs(SEE)
            .inScope()
            .query("queue", "type", "group"));
  }

  private Answer stream(Call call) {
    Query query = call.query();
    EventFilter filter =
        new EventFilter(
            query.text("queue"), query.text("type"), query.text("group"), call.identity().scope());
    return events.stream(filter, call.header("Last-Event-ID"));
  }
}
