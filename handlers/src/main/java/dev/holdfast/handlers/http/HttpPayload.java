package dev.holdfast.handlers.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * What a job of type {@code http} calls. As it comes from JSON, every part may be missing.
 *
 * @param url an absolute http or https URL without user and password
 * @param method one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS; without it, POST with a body
 *     and GET without one
 * @param headers header fields to send
 * @param body a text is sent as it is, anything else as JSON; without it, nothing
 * @param timeout how long the whole answer may take, 1 ms to 1 day; in JSON a number of seconds or
 *     a text such as {@code PT1M30S}; without it, {@link HttpHandler#DEFAULT_TIMEOUT}
 * @param expect the statuses that complete the job: numbers, or texts such as {@code "404"}, {@code
 *     "200-299"} and {@code "2xx"}; without it, 2xx
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HttpPayload(
    @Nullable String url,
    @Nullable String method,
    @Nullable Map<String, @Nullable String> headers,
    @JsonDeserialize(using = ExactJson.class) @Nullable Object body,
    @Nullable Duration timeout,
    @Nullable List<@Nullable Object> expect) {

  /** Gets {@code url}. */
  public static HttpPayload get(String url) {
    return new HttpPayload(url, "GET", null, null, null, null);
  }

  /** Posts {@code body} to {@code url}: a text as it is, anything else as JSON. */
  public static HttpPayload post(String url, Object body) {
    return new HttpPayload(url, "POST", null, body, null, null);
  }

  /** Without what may hold secrets. */
  @Override
  public String toString() {
    return "HttpPayload[method=" + method + ", timeout=" + timeout + ", expect=" + expect + "]";
  }
}
