package dev.holdfast;

import dev.holdfast.check.Check;
import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A position in a distributed trace, as defined by W3C Trace Context. It is stored in a job's
 * metadata under {@link #TRACEPARENT} and {@link #TRACESTATE}, so it travels with the job.
 *
 * @param traceparent version 00, trace id, id of the span and flags
 * @param tracestate data of tracing vendors
 */
public record TraceContext(String traceparent, Optional<String> tracestate) {
  /** The name of the header and of the metadata field. */
  public static final String TRACEPARENT = "traceparent";

  /** The name of the header and of the metadata field for vendor data. */
  public static final String TRACESTATE = "tracestate";

  private static final JsonMapper JSON = JsonMapper.shared();

  private static final int CHARS = 55; // of version 00
  private static final int TRACE_ID = 3;
  private static final int SPAN_ID = 36;
  private static final int FLAGS = 53;

  private static final Pattern PARENT =
      Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  private static final int STATE_CHARS_MAX = 512;
  private static final int STATE_MEMBERS_MAX = 32;

  private static final Pattern STATE_MEMBER =
      Pattern.compile("[a-z0-9][a-z0-9_*/@-]{0,255}=[ -+\\--<>-~]{0,255}[!-+\\--<>-~]");

  /**
   * @throws InvalidRequestException if one of them is malformed
   */
  public TraceContext {
    Check.that(
        PARENT.matcher(traceparent).matches() && traceparent.startsWith("00"),
        "a traceparent must be 00-<32 hexadecimal digits>-<16>-<2>, was %s",
        Printable.quoted(traceparent));
    Check.that(
        tracestate.filter(state -> !isState(state)).isEmpty(), "the tracestate is malformed");
  }

  /**
   * Parses the headers that a caller sent. A malformed {@code traceparent} means no trace, a
   * malformed {@code tracestate} is dropped, and fields that a later version adds are ignored.
   */
  public static Optional<TraceContext> of(
      @Nullable String traceparent, @Nullable String tracestate) {
    return Optional.ofNullable(traceparent)
        .map(String::strip)
        .flatMap(TraceContext::parent)
        .map(
            parent ->
                new TraceContext(
                    parent, Optional.ofNullable(tracestate).flatMap(TraceContext::state)));
  }

  private static Optional<String> parent(String text) {
    boolean isLater = text.length() > CHARS && text.charAt(CHARS) == '-' && !text.startsWith("00");
    String known = isLater ? text.substring(0, CHARS) : text;
    return PARENT.matcher(known).matches()
        ? Optional.of("00" + known.substring(2))
        : Optional.empty();
  }

  private static Optional<String> state(String text) {
    String state = text.strip();
    return !state.isEmpty() && isState(state) ? Optional.of(state) : Optional.empty();
  }

  private static boolean isState(String text) {
    if (text.length() > STATE_CHARS_MAX) {
      return false;
    }
    String[] members = text.split(",", -1);
    if (members.length > STATE_MEMBERS_MAX) {
      return false;
    }
    for (String member : members) {
      if (!member.isBlank() && !STATE_MEMBER.matcher(member.strip()).matches()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the trace of a job with this metadata, a JSON object; empty if it is missing or
   * malformed.
   */
  public static Optional<TraceContext> in(String metadata) {
    if (!metadata.contains(TRACEPARENT)) {
      return Optional.empty();
    }
    try {
      JsonNode facts = JSON.readTree(metadata);
      return of(text(facts, TRACEPARENT), text(facts, TRACESTATE));
    } catch (JacksonException noJson) {
      return Optional.empty();
    }
  }

  private static @Nullable String text(JsonNode facts, String name) {
    JsonNode fact = facts.get(name);
    return fact == null || !fact.isString() ? null : fact.asString();
  }

  /** Adds this trace to the metadata, unless it already names one. */
  Map<String, Object> with(Map<String, Object> metadata) {
    if (metadata.containsKey(TRACEPARENT)) {
      return metadata;
    }
    Map<String, Object> traced = new LinkedHashMap<>(metadata);
    traced.putAll(fields());
    if (tracestate.isEmpty()) {
      traced.remove(TRACESTATE);
    }
    return traced;
  }

  /** Returns the header fields by lower-case name. */
  public Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put(TRACEPARENT, traceparent);
    tracestate.ifPresent(state -> fields.put(TRACESTATE, state));
    return fields;
  }

  /** Returns the trace id: 32 hexadecimal digits. */
  public String traceId() {
    return traceparent.substring(TRACE_ID, SPAN_ID - 1);
  }

  /** Returns the span id: 16 hexadecimal digits. */
  public String spanId() {
    return traceparent.substring(SPAN_ID, FLAGS - 1);
  }
}
