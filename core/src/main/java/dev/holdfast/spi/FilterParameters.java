package dev.holdfast.spi;

import dev.holdfast.Failure;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NodeId;
import dev.holdfast.check.Check;
import dev.holdfast.check.DidYouMean;
import dev.holdfast.check.Durations;
import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.search.FieldMatch;
import dev.holdfast.search.JobOrder;
import dev.holdfast.search.Range;
import dev.holdfast.search.TimeRange;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A filter as parameters: names with texts, some of them several. Queries of HTTP, the filters of
 * bulk operations and the options of the command line have these names and values.
 */
public final class FilterParameters {
  /** The names, in the order of the documentation. */
  public static final List<String> NAMES =
      List.of(
          "state",
          "not_state",
          "queue",
          "not_queue",
          "type",
          "not_type",
          "group",
          "ids",
          "tag",
          "any_tag",
          "key",
          "node",
          "worker",
          "created_by",
          "schedule",
          "since",
          "until",
          "started_since",
          "started_until",
          "finished_since",
          "finished_until",
          "run_since",
          "run_until",
          "attempts",
          "crashes",
          "priority",
          "wait",
          "run",
          "failure",
          "failure_text",
          "where",
          "sort");

  private static final String RANGE = "a value such as 3, >1, >=2, <5, <=5 or 2..5";
  private static final String TIME = "a time such as 2026-03-01T02:00:00Z, or an age such as 2h";
  private static final String SCHEDULE = "schedule:";

  /** The step from a duration to the next one. */
  private static final Duration TICK = Duration.ofMillis(1);

  private final Map<String, List<String>> given;
  private final List<String> mistakes = new ArrayList<>();

  private FilterParameters(Map<String, List<String>> given) {
    this.given = given;
  }

  /**
   * Reads a filter.
   *
   * @param given texts by name
   * @param others names that the caller reads itself
   * @throws InvalidRequestException listing every mistake: unknown names and wrong values
   */
  public static JobFilter read(Map<String, List<String>> given, Collection<String> others) {
    return new FilterParameters(given).read(others);
  }

  private JobFilter read(Collection<String> others) {
    checkNames(others);
    JobFilter filter = JobFilter.ids(words("ids", "", JobId::parse)).states(states());
    filter = with(filter, "queue", JobFilter::queues);
    filter = with(filter, "not_queue", JobFilter::notQueues);
    filter = with(filter, "type", JobFilter::types);
    filter = with(filter, "not_type", JobFilter::notTypes);
    filter = with(filter, "group", JobFilter::groups);
    filter = with(filter, "tag", JobFilter::allTags);
    filter = with(filter, "any_tag", JobFilter::anyTags);
    filter = one(filter, "key", "", text -> text, JobFilter::key);
    filter = one(filter, "node", "the id of a node", FilterParameters::node, JobFilter::node);
    filter = one(filter, "worker", "", text -> text, JobFilter::worker);
    filter = one(filter, "created_by", "", text -> text, JobFilter::createdBy);
    filter = one(filter, "schedule", "", text -> text, JobFilter::schedule);
    filter = filter.created(times("since", "until"));
    filter = filter.started(times("started_since", "started_until"));
    filter = filter.finished(times("finished_since", "finished_until"));
    filter = filter.runAt(times("run_since", "run_until"));
    filter = filter.attempts(numbers("attempts"));
    filter = filter.crashes(numbers("crashes"));
    filter = filter.priority(numbers("priority"));
    filter = filter.waited(durations("wait"));
    filter = filter.ran(durations("run"));
    filter = filter.failures(Set.copyOf(constants("failure", Failure.Kind.class)));
    filter = one(filter, "failure_text", "", text -> text, JobFilter::failureText);
    for (String where : given.getOrDefault("where", List.of())) {
      filter = changed(filter, "where", "", where, FieldMatch::parse, JobFilter::field);
    }
    filter = one(filter, "sort", "created, finished or run_at", this::order, JobFilter::sortedBy);
    refuseMistakes();
    return filter;
  }

  private void checkNames(Collection<String> others) {
    List<String> known = new ArrayList<>(NAMES);
    known.addAll(others);
    for (String name : given.keySet()) {
      if (!known.contains(name)) {
        mistakes.add(
            "unknown parameter %s%s"
                .formatted(Printable.quoted(name), DidYouMean.oneOf(known, name)));
      }
    }
  }

  private void refuseMistakes() {
    if (!mistakes.isEmpty()) {
      throw new InvalidRequestException(String.join("; ", mistakes));
    }
  }

  private Set<JobState> states() {
    Set<JobState> states = EnumSet.noneOf(JobState.class);
    states.addAll(constants("state", JobState.class));
    List<JobState> excluded = constants("not_state", JobState.class);
    if (excluded.isEmpty()) {
      return states;
    }
    Set<JobState> left = states.isEmpty() ? EnumSet.allOf(JobState.class) : states;
    excluded.forEach(left::remove);
    if (left.isEmpty()) {
      mistakes.add("the parameter 'not_state' excludes every state, expected to leave one");
    }
    return left;
  }

  private JobOrder order(String text) {
    return JobOrder.valueOf(text.toUpperCase(Locale.ROOT));
  }

  private static NodeId node(String text) {
    return new NodeId(UUID.fromString(text));
  }

  private JobFilter with(
      JobFilter filter, String name, BiFunction<JobFilter, Set<String>, JobFilter> change) {
    Set<String> values = new LinkedHashSet<>(given.getOrDefault(name, List.of()));
    return changed(filter, name, "", values, all -> all, change);
  }

  private <T> JobFilter one(
      JobFilter filter,
      String name,
      String expected,
      Function<String, T> reader,
      BiFunction<JobFilter, T, JobFilter> change) {
    return text(name)
        .map(text -> changed(filter, name, expected, text, reader, change))
        .orElse(filter);
  }

  private <G, T> JobFilter changed(
      JobFilter filter,
      String name,
      String expected,
      G value,
      Function<G, T> reader,
      BiFunction<JobFilter, T, JobFilter> change) {
    try {
      return change.apply(filter, reader.apply(value));
    } catch (InvalidRequestException wrong) {
      mistakes.add("the parameter '%s': %s".formatted(name, wrong.getMessage()));
    } catch (IllegalArgumentException wrong) {
      mistakes.add(wrong(name, value.toString(), expected));
    }
    return filter;
  }

  private static String wrong(String name, String value, String expected) {
    return "the parameter '%s' is %s, expected %s"
        .formatted(name, Printable.quoted(value), expected);
  }

  private Optional<String> text(String name) {
    List<String> values = given.getOrDefault(name, List.of());
    if (values.size() > 1) {
      mistakes.add(
          "the parameter '%s' is given %d times, expected once".formatted(name, values.size()));
    }
    return values.stream().findFirst();
  }

  /** Reads values that may be repeated, and separated by commas. */
  private <T> List<T> words(String name, String expected, Function<String, T> reader) {
    List<T> values = new ArrayList<>();
    for (String value : given.getOrDefault(name, List.of())) {
      for (String text : value.split(",", -1)) {
        try {
          values.add(reader.apply(text));
        } catch (InvalidRequestException wrong) {
          mistakes.add("the parameter '%s': %s".formatted(name, wrong.getMessage()));
        } catch (IllegalArgumentException wrong) {
          mistakes.add(wrong(name, text, expected));
        }
      }
    }
    return values;
  }

  private <E extends Enum<E>> List<E> constants(String name, Class<E> type) {
    List<String> known = List.of(type.getEnumConstants()).stream().map(Enum::name).toList();
    List<E> values = new ArrayList<>();
    for (String value : given.getOrDefault(name, List.of())) {
      for (String text : value.split(",", -1)) {
        String word = text.strip().toUpperCase(Locale.ROOT);
        if (known.contains(word)) {
          values.add(Enum.valueOf(type, word));
        } else {
          mistakes.add(wrong(name, text, "one of " + known) + DidYouMean.oneOf(known, text));
        }
      }
    }
    return values;
  }

  private TimeRange times(String since, String until) {
    TimeRange range = TimeRange.any();
    range = end(range, since, TimeRange::since, TimeRange::since);
    return end(range, until, TimeRange::until, TimeRange::until);
  }

  private TimeRange end(
      TimeRange range,
      String name,
      BiFunction<TimeRange, Duration, TimeRange> age,
      BiFunction<TimeRange, Instant, TimeRange> instant) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return range;
    }
    try {
      Optional<Duration> ago = Durations.find(text.get());
      return ago.isPresent()
          ? age.apply(range, ago.get())
          : instant.apply(range, instant(text.get()));
    } catch (InvalidRequestException wrong) {
      mistakes.add("the parameter '%s': %s".formatted(name, wrong.getMessage()));
    } catch (DateTimeException wrong) {
      mistakes.add(wrong(name, text.get(), TIME));
    }
    return range;
  }

  private static Instant instant(String text) {
    return text.indexOf('T') < 0
        ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
        : Instant.parse(text);
  }

  private Range<Integer> numbers(String name) {
    return range(
        name,
        Integer::parseInt,
        number -> Math.addExact(number, 1),
        number -> Math.subtractExact(number, 1));
  }

  private Range<Duration> durations(String name) {
    return range(
        name,
        FilterParameters::length,
        duration -> duration.plus(TICK),
        duration -> duration.minus(TICK));
  }

  private static Duration length(String text) {
    Duration length = Durations.find(text).orElseThrow(() -> new NumberFormatException(text));
    Check.length("a length of time", length);
    return length;
  }

  private <T extends Comparable<T>> Range<T> range(
      String name, Function<String, T> reader, Function<T, T> above, Function<T, T> below) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return Range.any();
    }
    try {
      return parsed(text.get().strip(), reader, above, below);
    } catch (NumberFormatException | ArithmeticException wrong) {
      mistakes.add(wrong(name, text.get(), RANGE));
    } catch (InvalidRequestException wrong) {
      mistakes.add("the parameter '%s': %s".formatted(name, wrong.getMessage()));
    }
    return Range.any();
  }

  private static <T extends Comparable<T>> Range<T> parsed(
      String text, Function<String, T> reader, Function<T, T> above, Function<T, T> below) {
    int dots = text.indexOf("..");
    if (dots >= 0) {
      return Range.between(
          reader.apply(text.substring(0, dots)), reader.apply(text.substring(dots + 2)));
    }
    if (text.startsWith(">=")) {
      return Range.atLeast(reader.apply(text.substring(2)));
    }
    if (text.startsWith("<=")) {
      return Range.atMost(reader.apply(text.substring(2)));
    }
    if (text.startsWith(">")) {
      return Range.atLeast(above.apply(reader.apply(text.substring(1))));
    }
    if (text.startsWith("<")) {
      return Range.atMost(below.apply(reader.apply(text.substring(1))));
    }
    return Range.exactly(reader.apply(text));
  }

  /** Returns a filter as parameters, which {@link #read} accepts; its scope is left out. */
  public static Map<String, List<String>> write(JobFilter filter) {
    Map<String, List<String>> texts = new LinkedHashMap<>();
    put(texts, "state", sorted(filter.states()));
    put(texts, "queue", filter.queues());
    put(texts, "not_queue", filter.notQueues());
    put(texts, "type", filter.types());
    put(texts, "not_type", filter.notTypes());
    put(texts, "group", filter.groups());
    put(texts, "ids", filter.ids());
    put(texts, "tag", filter.allTags());
    put(texts, "any_tag", filter.anyTags());
    put(texts, "key", filter.key().stream().toList());
    put(texts, "node", filter.node().stream().toList());
    put(texts, "worker", filter.worker().stream().toList());
    filter.createdBy().ifPresent(by -> putOrigin(texts, by));
    put(texts, "since", "until", filter.created());
    put(texts, "started_since", "started_until", filter.started());
    put(texts, "finished_since", "finished_until", filter.finished());
    put(texts, "run_since", "run_until", filter.runAt());
    put(texts, "attempts", filter.attempts(), Object::toString);
    put(texts, "crashes", filter.crashes(), Object::toString);
    put(texts, "priority", filter.priority(), Object::toString);
    put(texts, "wait", filter.waited(), Durations::write);
    put(texts, "run", filter.ran(), Durations::write);
    put(texts, "failure", sorted(filter.failures()));
    put(texts, "failure_text", filter.failureText().stream().toList());
    put(texts, "where", filter.fields());
    if (filter.order() != JobOrder.CREATED) {
      put(texts, "sort", List.of(filter.order().name().toLowerCase(Locale.ROOT)));
    }
    return texts;
  }

  private static void putOrigin(Map<String, List<String>> texts, String by) {
    if (by.startsWith(SCHEDULE)) {
      put(texts, "schedule", List.of(by.substring(SCHEDULE.length())));
    } else {
      put(texts, "created_by", List.of(by));
    }
  }

  private static void put(Map<String, List<String>> texts, String name, Collection<?> values) {
    if (!values.isEmpty()) {
      texts.put(name, values.stream().map(Object::toString).toList());
    }
  }

  private static List<String> sorted(Collection<? extends Enum<?>> constants) {
    return constants.stream().map(Enum::name).sorted().toList();
  }

  private static void put(
      Map<String, List<String>> texts, String since, String until, TimeRange range) {
    Optional<String> begin =
        range.since().map(Instant::toString).or(() -> range.sinceAge().map(Durations::write));
    Optional<String> end =
        range.until().map(Instant::toString).or(() -> range.untilAge().map(Durations::write));
    put(texts, since, begin.stream().toList());
    put(texts, until, end.stream().toList());
  }

  private static <T extends Comparable<T>> void put(
      Map<String, List<String>> texts, String name, Range<T> range, Function<T, String> writer) {
    Optional<String> least = range.least().map(writer);
    Optional<String> most = range.most().map(writer);
    if (least.isPresent() && most.isPresent()) {
      put(texts, name, List.of(least.get() + ".." + most.get()));
    } else {
      least.ifPresent(text -> put(texts, name, List.of(">=" + text)));
      most.ifPresent(text -> put(texts, name, List.of("<=" + text)));
    }
  }
}
