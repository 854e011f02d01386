package dev.holdfast.handlers.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/**
 * The stored result of a call with an expected response.
 *
 * @param status the status
 * @param headers the header fields that describe the response, by lower-case name
 * @param body the last 64 KiB of the body, as text
 * @param truncated whether there was more of it
 * @param millis milliseconds from the request to the end of the response
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
