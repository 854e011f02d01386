package dev.holdfast.handlers.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.error.InvalidRequestException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** URLs that jobs may call from a worker of a database that others can write to. */
@Tag("R-24")
final class AllowedUrlsTest {
  private static final AllowedUrls ALLOWED =
      AllowedUrls.of(
          List.of(
              "https://api.example.com",
              "http://10.0.0.7:8080/hooks/",
              "http://[::1]:9000",
              "https://xn--bcher-kva.example"));

  private static boolean isAllowed(String url) {
    return ALLOWED.objection(URI.create(url)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.example.com",
        "https://api.example.com/any/path?and=query",
        "HTTPS://API.Example.COM:443/",
        "https://api.example.com./",
        "http://10.0.0.7:8080/hooks",
        "http://10.0.0.7:8080/hooks?a=b",
        "http://10.0.0.7:8080/hooks/deploy/..hidden",
        "http://[::1]:9000/",
        "https://xn--bcher-kva.example/"
      })
  void are_those_below_what_was_named(String url) {
    assertThat(isAllowed(url)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://api.example.com/",
        "https://api.example.com:8443/",
        "https://api.example.com.elsewhere.org/",
        "https://api.example.com@elsewhere.org/",
        "https://elsewhere.org/https://api.example.com/",
        "https://elsewhere.org/#https://api.example.com/",
        "https://example.com/",
        "https://sub.api.example.com/",
        "http://10.0.0.7/hooks",
        "http://10.0.0.7:8080/",
        "http://10.0.0.7:8080/hooksmith",
        "http://10.0.0.7:8080/hooks/../admin",
        "http://10.0.0.7:8080/hooks/..",
        "http://10.0.0.7:8080/hooks/./../admin",
        "http://10.0.0.7:8080/hooks/%2e%2e/admin",
        "http://10.0.0.7:8080/hooks/%2E./admin",
        "http://10.0.0.7:8080/hooks/..;x=y/admin",
        "http://10.0.0.7:8080/hooks/..%2fadmin",
        "http://10.0.0.7:8080/hooks/..%5Cadmin",
        "http://10.0.0.7:8080/HOOKS",
        "http://[::2]:9000/",
        "http://127.0.0.1:9000/"
      })
  void are_no_others(String url) {
    assertThat(isAllowed(url)).isFalse();
  }

  @Test
  void are_shown_without_possible_secrets() {
    assertThat(ALLOWED.objection(URI.create("https://user:word@elsewhere.org/a?token=b#c")))
        .contains(
            "https://elsewhere.org/a may not be called from this node: its operator can allow it"
                + " with --allow-http");
  }

  @Test
  void are_all_where_nobody_else_writes() {
    URI any = URI.create("http://127.0.0.1/");

    assertThat(AllowedUrls.all().objection(any)).isEmpty();
    assertThat(AllowedUrls.of(List.of("*")).objection(any)).isEmpty();
    assertThat(AllowedUrls.of(List.of()).objection(any)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "api.example.com",
        "ftp://api.example.com",
        "https://",
        "https:///path",
        "https://user:word@api.example.com",
        "https://api.example.com?a=b",
        "https://api.example.com/#a",
        "https://api.example.com/a/../b",
        "https://bücher.example",
        "https://*.example.com",
        "not a url"
      })
  void are_named_by_scheme_and_host(String prefix) {
    assertThatThrownBy(() -> AllowedUrls.of(List.of(prefix)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("names no URLs that may be called: expected scheme and host")
        .hasMessageNotContaining("word");
  }
}
