package dev.holdfast.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Failure;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NodeId;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.search.FieldMatch;
import dev.holdfast.search.JobOrder;
import dev.holdfast.search.JsonScalar;
import dev.holdfast.search.Range;
import dev.holdfast.search.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class FilterParametersTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.000001Z");

  @Test
  void a_filter_is_read_as_it_was_written() {
    JobFilter filter =
        JobFilter.ids(List.of(new JobId(new UUID(1, 2))))
            .states(Set.of(JobState.FAILED, JobState.PENDING))
            .queues(Set.of("a,b", "c"))
            .notQueues(Set.of("d"))
            .types(Set.of("t"))
            .notTypes(Set.of("u"))
            .groups(Set.of("g"))
            .allTags(List.of("x", "y"))
            .anyTags(List.of("z"))
            .key("k")
            .node(new NodeId(new UUID(3, 4)))
            .worker("w")
            .schedule("nightly")
            .created(TimeRange.any().since(Duration.ofHours(2)).until(Duration.ofMinutes(1)))
            .started(TimeRange.any().since(NOON))
            .finished(TimeRange.any().until(NOON))
            .runAt(TimeRange.any().since(Duration.ofDays(1)).until(NOON))
            .attempts(Range.atLeast(2))
            .crashes(Range.atMost(1))
            .priority(Range.between(-3, -1))
            .waited(Range.atLeast(Duration.ofMillis(1_500)))
            .ran(Range.between(Duration.ofSeconds(1), Duration.ofHours(1)))
            .failures(Set.of(Failure.Kind.TIMEOUT))
            .failureText("disk")
            .field(FieldMatch.parse("payload.a.b=42"))
            .field(new FieldMatch(FieldMatch.parse("metadata.x=1").field(), JsonScalar.text("42")))
            .field(FieldMatch.parse("requires.gpu=true"))
            .sortedBy(JobOrder.FINISHED);

    assertThat(FilterParameters.read(FilterParameters.write(filter), Set.of())).isEqualTo(filter);
    assertThat(FilterParameters.NAMES).containsAll(FilterParameters.write(filter).keySet());
    assertThat(FilterParameters.write(JobFilter.all())).isEmpty();
  }

  @Test
  void excluded_states_leave_the_others() {
    JobFilter filter = read("not_state", "completed,FAILED");

    assertThat(filter.states())
        .isEqualTo(EnumSet.complementOf(EnumSet.of(JobState.COMPLETED, JobState.FAILED)));
  }

  @Test
  void numbers_are_ranges() {
    assertThat(read("attempts", "3").attempts()).isEqualTo(Range.exactly(3));
    assertThat(read("attempts", ">3").attempts()).isEqualTo(Range.atLeast(4));
    assertThat(read("attempts", "<3").attempts()).isEqualTo(Range.atMost(2));
    assertThat(read("attempts", "<=3").attempts()).isEqualTo(Range.atMost(3));
    assertThat(read("priority", "-5..-2").priority()).isEqualTo(Range.between(-5, -2));
    assertThat(read("wait", ">=1m30s").waited()).isEqualTo(Range.atLeast(Duration.ofSeconds(90)));
    assertThatThrownBy(() -> read("attempts", "5..3"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("a range must begin before it ends, was 5 to 3");
    for (String beyond : List.of(">2147483647", "<-2147483648")) {
      assertThatThrownBy(() -> read("priority", beyond))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("the parameter 'priority' is ");
    }
  }

  @Test
  void times_are_instants_days_or_ages() {
    assertThat(read("since", "2026-03-01").created())
        .isEqualTo(TimeRange.any().since(Instant.parse("2026-03-01T00:00:00Z")));
    assertThat(read("finished_until", "90s").finished())
        .isEqualTo(TimeRange.any().until(Duration.ofSeconds(90)));
    assertThat(TimeRange.any().since(Duration.ofSeconds(1)).at(NOON))
        .isEqualTo(TimeRange.any().since(NOON.minusSeconds(1)));
  }

  @Test
  void values_of_fields_have_the_type_that_they_look_like() {
    assertThat(JsonScalar.parse("42")).isEqualTo(JsonScalar.parse("42.0"));
    assertThat(JsonScalar.parse("42")).isNotEqualTo(JsonScalar.parse("\"42\""));
    assertThat(JsonScalar.parse("null").kind()).isEqualTo(JsonScalar.Kind.NULL);
    assertThat(JsonScalar.parse("eu west")).isEqualTo(JsonScalar.text("eu west"));
    assertThat(JsonScalar.parse("")).isEqualTo(JsonScalar.text(""));
    assertThat(JsonScalar.parse("1 2")).isEqualTo(JsonScalar.text("1 2"));
  }

  @Test
  void every_mistake_is_reported_at_once() {
    Map<String, List<String>> given =
        Map.of(
            "quue", List.of("x"),
            "key", List.of("a", "b"),
            "node", List.of("n"),
            "failure", List.of("TIMEUOT"),
            "not_state", List.of(String.join(",", names())));

    assertThatThrownBy(() -> FilterParameters.read(given, Set.of("limit")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("unknown parameter 'quue'; did you mean queue?")
        .hasMessageContaining("the parameter 'key' is given 2 times, expected once")
        .hasMessageContaining("the parameter 'node' is 'n', expected the id of a node")
        .hasMessageContaining("did you mean TIMEOUT?")
        .hasMessageContaining("'not_state' excludes every state");
  }

  private static List<String> names() {
    return List.of(JobState.values()).stream().map(Enum::name).toList();
  }

  private static JobFilter read(String name, String value) {
    return FilterParameters.read(Map.of(name, List.of(value)), Set.of());
  }
}
