package dev.holdfast.handlers.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * The payload of a job of type {@code http}. It comes from JSON, so any part may be missing.
 *
 * @param url an absolute http or https URL without user and password
 * @param method one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS; default POST with a body and
 *     GET without one
 * @param headers header fields to send
 * @param body a text is sent as is, anything else as JSON; default none
 * @param timeout time limit of the whole response, 1 ms to 1 day; in JSON a number of seconds or a
 *     text such as {@code PT1M30S}; default {@link HttpHandler#DEFAULT_TIMEOUT}
 * @param expect the statuses that complete the job: numbers, or texts such as {@code "404"}, {@code
 *     "200-299"} and {@code "2xx"}; default 2xx
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HttpPayload(
    @Nullable String url,
    @Nullable String method,
    @Nullable Map<String, @Nullable String> headers,
    @JsonDeserialize(using = ExactJson.class) @Nullable Object body,
    @Nullable Duration timeout,
    @Nullable List<@Nullable Object> expect) {

  /** Creates a GET of {@code url}. */
  public static HttpPayload get(String url) {
    return new HttpPayload(url, "GET", null, null, null, null);
  }

  /** Creates a POST of {@code body} to {@code url}: a text as is, anything else as JSON. */
  public static HttpPayload post(String url, Object body) {
    return new HttpPayload(url, "POST", null, body, null, null);
  }

  /** Omits parts that may hold secrets. */
  @Override
  public String toString() {
    return "HttpPayload[method=" + method + ", timeout=" + timeout + ", expect=" + expect + "]";
  }
}
