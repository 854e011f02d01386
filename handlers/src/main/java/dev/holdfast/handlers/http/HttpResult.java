package dev.holdfast.handlers.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/**
 * The stored result of a call that was answered as expected.
 *
 * @param status the status
 * @param headers some fields of the answer that say what it is, by their names in lower case
 * @param body the last 64 KiB of the answer, as text
 * @param truncated whether there was more of it
 * @param millis from the call to the end of the answer
 */
public record HttpResult(
    @JsonProperty("status") int status,
    @JsonProperty("headers") Map<String, String> headers,
    @JsonProperty("body") String body,
    @JsonProperty("truncated") boolean truncated,
    @JsonProperty("millis") long millis) {

  /** Copies the fields. */
  public HttpResult {
    headers = Map.copyOf(headers);
  }
}
