package dev.holdfast.handlers.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Outcome;
import dev.holdfast.handlers.Attempt;
import dev.holdfast.spi.SystemTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The header fields that a payload of type http may set. */
@Tag("R-24")
final class HeaderRulesTest {
  /**
   * Fields that frame a message or belong to one connection, by RFC 9110, 9112, 7540, 6455 and
   * IANA.
   */
  private static final List<String> FRAMING =
      List.of(
          "Close",
          "Connection",
          "Content-Length",
          "Expect",
          "Host",
          "HTTP2-Settings",
          "Keep-Alive",
          "Proxy-Authenticate",
          "Proxy-Authentication-Info",
          "Proxy-Authorization",
          "Proxy-Connection",
          "Proxy-Features",
          "Proxy-Instruction",
          "Proxy-Status",
          "TE",
          "Trailer",
          "Transfer-Encoding",
          "Upgrade");

  /** Fields that servers and gateways route by. */
  private static final List<String> ROUTING =
      List.of(
          "Alt-Used",
          "Forwarded",
          "X-Forwarded-For",
          "X-Forwarded-Host",
          "X-Forwarded-Port",
          "X-Forwarded-Prefix",
          "X-Forwarded-Proto",
          "X-Forwarded-Server",
          "X-Forwarded-Uri",
          "X-Host",
          "X-HTTP-Host-Override",
          "X-Original-URL",
          "X-Rewrite-URL");

  /** Request fields, and some response fields, in IANA's registry. */
  private static final List<String> OTHERS =
      List.of(
          ("A-IM,Accept,Accept-Additions,Accept-CH,Accept-Charset,Accept-Datetime,Accept-Encoding,"
                  + "Accept-Features,Accept-Language,Accept-Patch,Accept-Post,Accept-Ranges,"
                  + "Accept-Signature,Access-Control-Request-Headers,Access-Control-Request-Method,"
                  + "Age,Allow,ALPN,Alt-Svc,Alternates,AMP-Cache-Transform,Apply-To-Redirect-Ref,"
                  + "Authentication-Control,Authentication-Info,Authorization,Available-Dictionary,"
                  + "C-Ext,C-Man,C-Opt,C-PEP,C-PEP-Info,Cache-Control,Cache-Status,CalDAV-Timezones,"
                  + "Capsule-Protocol,CDN-Cache-Control,CDN-Loop,Cert-Not-After,Cert-Not-Before,"
                  + "Clear-Site-Data,Client-Cert,Client-Cert-Chain,Configuration-Context,Content-Base,"
                  + "Content-Digest,Content-Disposition,Content-Encoding,Content-ID,Content-Language,"
                  + "Content-Location,Content-MD5,Content-Range,Content-Script-Type,"
                  + "Content-Security-Policy,Content-Style-Type,Content-Type,Content-Version,Cookie,"
                  + "Cookie2,Cross-Origin-Embedder-Policy,CTA-Common-Access-Token,DASL,Date,DAV,"
                  + "Default-Style,Delta-Base,Deprecation,Depth,Derived-From,Destination,"
                  + "Differential-ID,Digest,DNT,DPoP,DPoP-Nonce,Early-Data,EDIINT-Features,ETag,"
                  + "Expires,Ext,From,GetProfile,Hobareg,If,If-Match,If-Modified-Since,"
                  + "If-None-Match,If-Range,If-Schedule-Tag-Match,If-Unmodified-Since,IM,"
                  + "Include-Referred-Token-Binding-ID,Isolation,Label,Last-Event-ID,Last-Modified,"
                  + "Link,Link-Template,Location,Lock-Token,Man,Max-Forwards,Memento-Datetime,Meter,"
                  + "Method-Check,Method-Check-Expires,MIME-Version,Negotiate,NEL,OData-EntityId,"
                  + "OData-Isolation,OData-MaxVersion,OData-Version,Opt,Optional-WWW-Authenticate,"
                  + "Ordering-Type,Origin,Origin-Agent-Cluster,OSCORE,OSLC-Core-Version,Overwrite,"
                  + "P3P,PEP,PEP-Info,Permissions-Policy,PICS-Label,Ping-From,Ping-To,Position,"
                  + "Pragma,Prefer,Preference-Applied,Priority,ProfileObject,Protocol,"
                  + "Protocol-Info,Protocol-Query,Protocol-Request,Public,Public-Key-Pins,Range,"
                  + "Redirect-Ref,Referer,Referer-Root,Referrer-Policy,Refresh,"
                  + "Repeatability-Client-ID,Repeatability-First-Sent,Repeatability-Request-ID,"
                  + "Replay-Nonce,Repr-Digest,Retry-After,Safe,Schedule-Reply,Schedule-Tag,"
                  + "Sec-Fetch-Dest,Sec-Fetch-Mode,Sec-Fetch-Site,Sec-GPC,Sec-Purpose,"
                  + "Sec-Token-Binding,Sec-WebSocket-Accept,Sec-WebSocket-Extensions,"
                  + "Sec-WebSocket-Key,Sec-WebSocket-Protocol,Sec-WebSocket-Version,Security-Scheme,"
                  + "Server,Server-Timing,Set-Cookie,SetProfile,Signature,Signature-Input,SLUG,"
                  + "SoapAction,Status-URI,Strict-Transport-Security,Sunset,Surrogate-Capability,"
                  + "Surrogate-Control,TCN,Timeout,Timing-Allow-Origin,Topic,Traceparent,Tracestate,"
                  + "TTL,Urgency,URI,Use-As-Dictionary,User-Agent,Variant-Vary,Vary,Via,"
                  + "Want-Content-Digest,Want-Digest,Want-Repr-Digest,Warning,WWW-Authenticate,"
                  + "X-Content-Type-Options,X-Frame-Options,X-Api-Key,X-Request-ID")
              .split(","));

  static Stream<String> refused() {
    return Stream.concat(FRAMING.stream(), ROUTING.stream());
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refuse_what_frames_or_routes_a_request_in_every_spelling(String name) {
    assertThat(HeaderRules.objection(name, "x")).isPresent();
    assertThat(HeaderRules.objection(name.toUpperCase(Locale.ROOT), "x")).isPresent();
    assertThat(HeaderRules.objection(name.replace('-', '_'), "x")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "Transfer-Encoding ",
        " Transfer-Encoding",
        "Transfer-Encoding:",
        "A\r\nTransfer-Encoding",
        "A\u0000",
        "a b",
        ":authority",
        "größe",
        "x(y)",
        "\tx"
      })
  void refuse_a_name_that_is_no_token(String name) {
    assertThat(HeaderRules.objection(name, "x").orElse("")).startsWith("its name is not a token");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a\r\nX: y", "a\nb", "a\rb", "a\u0000b", "a\u007fb", "ä", "\u2028", "\u010a"})
  void refuse_a_value_that_could_end_the_line(String value) {
    assertThat(HeaderRules.objection("X-Mine", value).orElse("")).startsWith("its value holds");
  }

  /** Sends all in one request: a body that looks like a second request stays a body. */
  @Test
  void let_everything_else_through_and_it_frames_nothing() throws Exception {
    String smuggled = "0\r\n\r\nGET /admin HTTP/1.1\r\nHost: x\r\n\r\n";
    try (Site site = new Site()) {
      for (List<String> part : parts(OTHERS, 60)) {
        Map<String, @Nullable String> headers = new HashMap<>();
        part.forEach(name -> headers.put(name, "chunked"));
        HttpPayload payload =
            new HttpPayload(site.url("/a"), "POST", headers, smuggled, null, null);

        Object end =
            new HttpHandler(AllowedUrls.all(), new SystemTime()).run(payload, Attempt.first());

        assertThat(end).isInstanceOf(HttpResult.class);
        Site.Received received = site.received();
        assertThat(received.path()).isEqualTo("/a");
        assertThat(received.body()).isEqualTo(smuggled);
        part.forEach(name -> assertThat(received.headers().get(name)).containsExactly("chunked"));
        assertThat(site.requests()).isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("refused")
  void fail_the_job_before_anything_is_sent(String name) throws IOException, InterruptedException {
    try (Site site = new Site()) {
      HttpPayload payload =
          new HttpPayload(site.url("/"), "POST", Map.of(name, "chunked"), "0\r\n\r\n", null, null);

      Object end =
          new HttpHandler(AllowedUrls.all(), new SystemTime()).run(payload, Attempt.first());

      assertThat(end).isInstanceOf(Outcome.GaveUp.class);
      assertThat(site.requests()).isZero();
    }
  }

  private static List<List<String>> parts(List<String> all, int size) {
    List<List<String>> parts = new ArrayList<>();
    for (int start = 0; start < all.size(); start += size) {
      parts.add(all.subList(start, Math.min(start + size, all.size())));
    }
    return parts;
  }
}
