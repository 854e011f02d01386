package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("R-42")
class TraceContextTest {
  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void has_the_ids_of_its_trace_and_span() {
    TraceContext trace = TraceContext.of(" " + PARENT + "\t", "a=1, b@c=2").orElseThrow();

    assertThat(trace.traceparent()).isEqualTo(PARENT);
    assertThat(trace.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(trace.spanId()).isEqualTo("b7ad6b7169203331");
    assertThat(trace.tracestate()).contains("a=1, b@c=2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more",
        "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
        "\n00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\nx"
      })
  void of_a_malformed_traceparent_there_is_none(String malformed) {
    assertThat(TraceContext.of(malformed, "a=1")).isEmpty();
  }

  @Test
  void of_a_later_version_what_this_one_has_is_taken() {
    assertThat(TraceContext.of("42" + PARENT.substring(2) + "-more", null))
        .contains(new TraceContext(PARENT, Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "A=1", "a=1;b=2 \u00e9", "a=", "=1", "a=b=c", "a=1\r\nX: y"})
  void a_malformed_tracestate_is_left_out(String malformed) {
    assertThat(TraceContext.of(PARENT, malformed))
        .contains(new TraceContext(PARENT, Optional.empty()));
  }

  @Test
  void a_tracestate_has_at_most_512_characters_and_32_members() {
    String longest = "a=" + "x".repeat(253) + ",b=" + "x".repeat(254);
    String most = "a=1,".repeat(31) + "z=1";

    assertThat(TraceContext.of(PARENT, longest).orElseThrow().tracestate()).contains(longest);
    assertThat(TraceContext.of(PARENT, longest + "x").orElseThrow().tracestate()).isEmpty();
    assertThat(TraceContext.of(PARENT, most).orElseThrow().tracestate()).isPresent();
    assertThat(TraceContext.of(PARENT, most + ",y=1").orElseThrow().tracestate()).isEmpty();
  }

  @Test
  void is_found_in_metadata() {
    assertThat(TraceContext.in("{\"order\":7,\"traceparent\":\"" + PARENT + "\"}"))
        .contains(new TraceContext(PARENT, Optional.empty()));
    assertThat(TraceContext.in("{\"tracestate\":\"a=1\",\"traceparent\":\"" + PARENT + "\"}"))
        .contains(new TraceContext(PARENT, Optional.of("a=1")));
    assertThat(TraceContext.in("{\"order\":7}")).isEmpty();
    assertThat(TraceContext.in("{\"traceparent\":7}")).isEmpty();
    assertThat(TraceContext.in("{\"a\":{\"traceparent\":\"" + PARENT + "\"}}")).isEmpty();
  }

  @Test
  void the_one_that_metadata_names_stays() {
    TraceContext trace = new TraceContext(PARENT, Optional.of("a=1"));
    String other = PARENT.replace("0af", "fff");

    assertThat(NewJob.of("t", 1).metadata(Map.of("traceparent", other)).trace(trace).metadata())
        .isEqualTo(Map.of("traceparent", other));
    assertThat(NewJob.of("t", 1).metadata(Map.of("order", 7)).trace(trace).metadata())
        .isEqualTo(Map.of("order", 7, "traceparent", PARENT, "tracestate", "a=1"));
  }

  @Test
  void without_a_tracestate_has_none_of_another_trace() {
    TraceContext trace = new TraceContext(PARENT, Optional.empty());

    assertThat(NewJob.of("t", 1).metadata(Map.of("tracestate", "b=2")).trace(trace).metadata())
        .isEqualTo(Map.of("traceparent", PARENT));
  }
}
