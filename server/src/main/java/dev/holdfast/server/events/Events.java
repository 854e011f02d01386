package dev.holdfast.server.events;

import dev.holdfast.Holdfast;
import dev.holdfast.QueueSummary;
import dev.holdfast.http.Json;
import dev.holdfast.http.ProblemException;
import dev.holdfast.http.ProblemType;
import dev.holdfast.http.wire.QueueSettingsJson;
import dev.holdfast.server.route.Answer;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.Insights.Change;
import dev.holdfast.spi.Insights.Changes;
import dev.holdfast.spi.JobStore.Subscription;
import dev.holdfast.spi.Scheduler;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Streams events to readers. It polls only while there are readers. */
public final class Events implements AutoCloseable {
  /** The maximum number of readers. */
  public static final int STREAMS_MAX = 200;

  private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);
  private static final Duration OVERLAP = Duration.ofSeconds(2);
  private static final Duration RESUMED_MAX = Duration.ofMinutes(10);
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final Duration QUEUES_INTERVAL = Duration.ofSeconds(30);
  private static final int CHANGES_MAX = 5_000;
  private static final String FIRST = "earlier events are no longer available";
  private static final String STOPS = "the server is stopping";
  private static final String MORE = "too many changes at once";

  private final Holdfast holdfast;
  private final TimeSource time;
  private final Scheduler scheduler;
  private final Scheduler.Task following;
  private final Subscription subscription;
  private final AtomicBoolean hasQueueNews = new AtomicBoolean();

  private final List<EventStream> arrived = new ArrayList<>(); // guarded by this, like all below
  private int open;
  private boolean isClosed;

  // used by the follower alone, like all below
  private final List<EventStream> streams = new ArrayList<>();
  private Set<Change> told = new HashSet<>();
  private Instant polledAt = Instant.EPOCH;
  private Map<String, Map<String, @Nullable Object>> queues = Map.of();
  private long queuesTicks;
  private long heartbeatTicks;
  private boolean isIdle = true;

  /** Creates the events of a queue; polling starts with the first reader. */
  public Events(Holdfast holdfast, TimeSource time) {
    this.holdfast = holdfast;
    this.time = time;
    this.subscription =
        holdfast
            .embedding()
            .store()
            .listen(
                signal -> {
                  if (signal == Signal.QUEUES) {
                    hasQueueNews.set(true);
                  }
                });
    this.scheduler = holdfast.embedding().newScheduler("events");
    this.following = scheduler.schedule("events", this::run);
  }

  /**
   * Opens a stream of events from now on, or from an earlier event on.
   *
   * @param lastId the id of the last event that the reader knows
   * @throws ProblemException if there are too many streams
   */
  public Answer.Stream stream(EventFilter filter, Optional<String> lastId) {
    synchronized (this) {
      if (isClosed || open >= STREAMS_MAX) {
        throw new ProblemException(
            ProblemType.OVERLOADED,
            "%d streams are open, which is the maximum".formatted(open),
            Map.of("Retry-After", "10"));
      }
    }
    Optional<Instant> resumed = lastId.map(id -> Event.poll(id).orElse(Instant.EPOCH));
    return new Answer.Stream(
        "text/event-stream", outlet -> add(new EventStream(filter, resumed, outlet)), Event::end);
  }

  private void add(EventStream stream) {
    synchronized (this) {
      if (!isClosed) {
        open++;
        arrived.add(stream);
        following.wake();
        return;
      }
    }
    stream.end(STOPS);
  }

  /** Runs one turn of the follower. */
  private Duration run() {
    if (isAlone()) {
      isIdle = true;
      return Duty.WHEN_WOKEN;
    }
    if (isIdle) {
      begin();
    }
    try {
      poll();
    } finally {
      beat();
      letGo();
    }
    return LOOK_INTERVAL;
  }

  private boolean isAlone() {
    synchronized (this) {
      return streams.isEmpty() && arrived.isEmpty();
    }
  }

  private void begin() {
    isIdle = false;
    told = new HashSet<>();
    polledAt = time.now();
    hasQueueNews.set(false);
    queues = Map.of();
    queuesTicks = time.ticks() - QUEUES_INTERVAL.toNanos();
    heartbeatTicks = time.ticks();
  }

  private void poll() {
    Changes changes =
        holdfast.embedding().store().insights().changes(polledAt.minus(OVERLAP), CHANGES_MAX);
    List<Change> news = new ArrayList<>();
    for (Change change : changes.jobs()) {
      if (!told.contains(change) && !change.at().isBefore(polledAt.minus(OVERLAP))) {
        news.add(change);
      }
    }
    boolean isFirst = told.isEmpty() && streams.isEmpty();
    told = new HashSet<>(changes.jobs());
    polledAt = changes.at();
    if (!isFirst) {
      news.forEach(this::tell);
      if (!changes.isWhole() && !news.isEmpty()) {
        streams.forEach(stream -> stream.send(Event.gap(MORE, polledAt)));
      }
    }
    pollQueues();
    welcome();
  }

  private void tell(Change change) {
    byte[] event = Event.job(change, polledAt);
    for (EventStream stream : streams) {
      if (stream.filter().takes(change)) {
        stream.send(event);
      }
    }
  }

  /** Checks the queues, now and then even without a signal, as signals may be lost. */
  private void pollQueues() {
    boolean isTime = time.ticks() - queuesTicks >= QUEUES_INTERVAL.toNanos();
    if (!hasQueueNews.getAndSet(false) && !isTime) {
      return;
    }
    queuesTicks = time.ticks();
    Map<String, Map<String, @Nullable Object>> now = new LinkedHashMap<>();
    holdfast.queue().queues().list().forEach(queue -> now.put(queue.name(), served(queue)));
    now.forEach(
        (name, queue) -> {
          Map<String, @Nullable Object> before = queues.get(name);
          if (before != null && !before.equals(queue)) {
            tellQueue(name, queue);
          }
        });
    queues = now;
  }

  private static Map<String, @Nullable Object> served(QueueSummary queue) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("queue", queue.name());
    fields.put("paused", queue.paused().isPresent());
    fields.put("paused_by", queue.paused().map(pause -> pause.by()).orElse(null));
    fields.putAll(Json.fields(QueueSettingsJson.of(queue.settings())));
    return fields;
  }

  private void tellQueue(String name, Map<String, @Nullable Object> queue) {
    byte[] event = Event.queue(queue, polledAt);
    for (EventStream stream : streams) {
      if (stream.filter().takesQueue(name)) {
        stream.send(event);
      }
    }
  }

  /** Adds the readers that arrived since the last poll, and first sends what they missed. */
  private void welcome() {
    List<EventStream> all;
    synchronized (this) {
      all = List.copyOf(arrived);
      arrived.clear();
    }
    for (EventStream stream : all) {
      streams.add(stream);
      stream.send(Event.welcome(polledAt));
      stream.resumed().ifPresent(from -> catchUp(stream, from));
    }
  }

  private void catchUp(EventStream stream, Instant from) {
    boolean isKnown = !from.isAfter(polledAt) && !from.isBefore(polledAt.minus(RESUMED_MAX));
    if (!isKnown) {
      stream.send(Event.gap(FIRST, polledAt));
      return;
    }
    Changes missed =
        holdfast.embedding().store().insights().changes(from.minus(OVERLAP), CHANGES_MAX);
    for (Change change : missed.jobs()) {
      if (stream.filter().takes(change)) {
        stream.send(Event.job(change, polledAt));
      }
    }
    if (!missed.isWhole()) {
      stream.send(Event.gap(MORE, polledAt));
    }
  }

  private void beat() {
    if (time.ticks() - heartbeatTicks >= HEARTBEAT.toNanos()) {
      heartbeatTicks = time.ticks();
      streams.forEach(stream -> stream.send(Event.heartbeat()));
    }
  }

  private void letGo() {
    int before = streams.size();
    streams.removeIf(EventStream::isEnded);
    synchronized (this) {
      open -= before - streams.size();
    }
  }

  /** Ends all streams with a last event. */
  @Override
  public void close() {
    List<EventStream> left = new ArrayList<>();
    synchronized (this) {
      isClosed = true;
      left.addAll(arrived);
      arrived.clear();
    }
    subscription.close();
    scheduler.close();
    left.addAll(streams); // the follower has ended
    left.forEach(stream -> stream.end(STOPS));
  }

  /** Returns the number of open streams. */
  public synchronized int open() {
    return open;
  }
}
