package dev.holdfast.handlers.outbound;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.test.time.MovableTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts that can and cannot be called, in any spelling. */
@Tag("R-45")
class OutboundTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  final Queue<String> bodies = new ConcurrentLinkedQueue<>();
  final Queue<String> hosts = new ConcurrentLinkedQueue<>();
  final HttpServer site = start();
  final AtomicInteger resolved = new AtomicInteger();

  HttpServer start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            hosts.add(exchange.getRequestHeaders().getFirst("Host"));
            if (exchange.getRequestURI().getPath().equals("/moved")) {
              exchange.getResponseHeaders().set("Location", "/elsewhere");
              exchange.sendResponseHeaders(302, -1);
            } else {
              exchange.getResponseHeaders().set("Retry-After", "7");
              exchange.sendResponseHeaders(200, -1);
            }
            exchange.close();
          });
      server.start();
      return server;
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @AfterEach
  void stop() {
    site.stop(0);
  }

  int port() {
    return site.getAddress().getPort();
  }

  Outbound outbound(boolean mayCallLoopback, String... addresses) {
    return new Outbound(
        mayCallLoopback,
        name -> {
          resolved.incrementAndGet();
          List<InetAddress> found = new ArrayList<>();
          for (String address : addresses) {
            found.add(InetAddress.getByAddress(name, InetAddress.getByName(address).getAddress()));
          }
          if (found.isEmpty()) {
            throw new UnknownHostException(name);
          }
          return found.toArray(InetAddress[]::new);
        },
        (SSLSocketFactory) SSLSocketFactory.getDefault(),
        new MovableTime());
  }

  Outbound.Answer post(Outbound outbound, String url) throws IOException {
    return outbound.post(
        Target.of(url), Map.of("x-a", "b"), "hi".getBytes(UTF_8), TIMEOUT, stop -> {});
  }

  /** Uses the resolver of this machine, which knows localhost. */
  Outbound real() {
    return new Outbound(false, new MovableTime());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:%d/",
        "http://127.0.0.1.:%d/",
        "http://127.1:%d/",
        "http://127.0.1:%d/",
        "http://127.000.000.001:%d/",
        "http://127.255.255.254:%d/",
        "http://2130706433:%d/",
        "http://2130706433.:%d/",
        "http://0x7f000001:%d/",
        "http://0x7F.0x0.0x0.0x1:%d/",
        "http://0x7f.1:%d/",
        "http://0177.0.0.1:%d/",
        "http://0177.0.0.01:%d/",
        "http://017700000001:%d/",
        "http://127.0.0.0x1:%d/",
        "http://0:%d/",
        "http://0.0.0.0:%d/",
        "http://00.00.00.00:%d/",
        "http://4294967297:%d/",
        "http://localhost:%d/",
        "http://LOCALHOST:%d/",
        "http://localhost.:%d/",
        "http://localhost..:%d/",
        "http://[::1]:%d/",
        "http://[0:0:0:0:0:0:0:1]:%d/",
        "http://[0000::0001]:%d/",
        "http://[::]:%d/",
        "http://[::127.0.0.1]:%d/",
        "http://[::7f00:1]:%d/",
        "http://[::ffff:127.0.0.1]:%d/",
        "http://[::ffff:7f00:1]:%d/",
        "http://[0:0:0:0:0:ffff:127.0.0.1]:%d/",
        "http://[::ffff:0:127.0.0.1]:%d/",
        "http://[64:ff9b::127.0.0.1]:%d/",
        "http://[64:ff9b::7f00:1]:%d/",
        "http://[64:ff9b:1::7f00:1]:%d/",
        "http://[2002:7f00:1::]:%d/",
        "http://[2001:0:7f00:1::]:%d/",
        "http://[2001:db8::1]:%d/",
        "http://[2001:4860:0:1::5efe:7f00:1]:%d/",
        "http://[2001:4860:0:1:200:5efe:127.0.0.1]:%d/",
        "http://[fe80::1]:%d/",
        "http://[fe80::1%%25lo]:%d/",
        "http://[::1%%25lo]:%d/",
        "http://[fc00::1]:%d/",
        "http://[fd00:ec2::254]:%d/",
        "http://[fec0::1]:%d/",
        "http://[ff02::1]:%d/",
        "http://[100::1]:%d/",
        "http://[3fff::1]:%d/",
        "http://10.0.0.1:%d/",
        "http://100.64.0.1:%d/",
        "http://169.254.169.254:%d/",
        "http://2852039166:%d/",
        "http://172.16.0.1:%d/",
        "http://172.31.255.255:%d/",
        "http://192.0.0.1:%d/",
        "http://192.0.2.1:%d/",
        "http://192.88.99.1:%d/",
        "http://192.168.1.1:%d/",
        "http://198.18.0.1:%d/",
        "http://198.51.100.1:%d/",
        "http://203.0.113.1:%d/",
        "http://224.0.0.1:%d/",
        "http://240.0.0.1:%d/",
        "http://255.255.255.255:%d/",
        "http://127\u30020\u30020\u30021:%d/",
        "http://127\uFF0E0\uFF0E0\uFF0E1:%d/",
        "http://\u2460\u2461\u2466.0.0.1:%d/",
        "http://l\u24DEcalhost:%d/",
        "http://%%6c%%6f%%63%%61%%6c%%68%%6f%%73%%74:%d/",
        "http://127.0.0.1%%00.example.com:%d/",
        "http://example.com@127.0.0.1:%d/",
        "http://example.com:80@127.0.0.1:%d/",
        "http://127.0.0.1:%d@example.com/",
        "http://example.com%%40127.0.0.1:%d/",
        "http://127.0.0.1:%d\\@example.com/",
        "http://example.com\\@127.0.0.1:%d/",
        "http://127.0.0.1:%d#@example.com/",
        "http:\\\\127.0.0.1:%d/",
        "http:127.0.0.1:%d/",
        "//127.0.0.1:%d/",
        " http://127.0.0.1:%d/",
        "http://127.0.0.1:%d/\r\nHost: example.com",
        "http://127.0.0.1 :%d/",
        "ftp://127.0.0.1:%d/",
        "file://127.0.0.1:%d/etc/passwd",
        "gopher://127.0.0.1:%d/",
        "jar:http://127.0.0.1:%d/!/"
      })
  void only_the_public_internet_is_called(String spelling) {
    String url = spelling.formatted(port());

    assertThatThrownBy(() -> post(real(), url))
        .isInstanceOfAny(InvalidRequestException.class, IOException.class)
        .satisfies(
            refused ->
                assertThat(
                        refused instanceof InvalidRequestException
                            || refused instanceof ForbiddenAddressException
                            || refused instanceof UnknownHostException)
                    .as("%s is refused, and not merely out of reach: %s", url, refused)
                    .isTrue());
    assertThat(bodies).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "100.127.255.255"
      })
  void a_name_that_leads_elsewhere_is_not_called(String address) {
    String url = "http://hooks.example.com:%d/".formatted(port());

    assertThatThrownBy(() -> post(outbound(false, address), url))
        .isInstanceOf(ForbiddenAddressException.class);
    assertThatThrownBy(() -> post(outbound(false, "93.184.215.14", address), url))
        .as("one of several is enough")
        .isInstanceOf(ForbiddenAddressException.class);
    assertThat(bodies).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00::1",
        "2001:4860:4860::8888"
      })
  void the_open_internet_is_open(String address) throws IOException {
    assertThat(Addresses.isOpen(InetAddress.getByName(address))).isTrue();
  }

  @Nested
  class What_may_be_called {
    @Test
    void is_called_at_the_address_that_was_checked() throws IOException {
      Outbound.Answer answer =
          post(outbound(true, "127.0.0.1"), "http://hooks.example.com:%d/a".formatted(port()));

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.field("retry-after")).contains("7");
      assertThat(bodies).containsExactly("hi");
      assertThat(hosts).containsExactly("hooks.example.com:" + port());
      assertThat(resolved).hasValue(1);
    }

    @Test
    void is_this_machine_only_where_that_is_allowed() {
      String url = "http://127.0.0.1:%d/".formatted(port());

      assertThatThrownBy(() -> post(outbound(false), url))
          .isInstanceOf(ForbiddenAddressException.class);
      assertThatThrownBy(() -> post(outbound(true, "10.0.0.1"), "http://a.example.com/"))
          .as("no other address is allowed with it")
          .isInstanceOf(ForbiddenAddressException.class);
    }

    @Test
    void leads_nowhere_else() throws IOException {
      Outbound.Answer answer = post(outbound(true), "http://127.0.0.1:%d/moved".formatted(port()));

      assertThat(answer.status()).isEqualTo(302);
      assertThat(bodies).hasSize(1);
    }

    @Test
    void cannot_respond_without_end() throws IOException {
      try (ServerSocket endless = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        Thread server = new Thread(() -> talk(endless));
        server.start();
        String url = "http://127.0.0.1:%d/".formatted(endless.getLocalPort());

        assertThatThrownBy(() -> post(outbound(true), url)).hasMessageContaining("16,384 bytes");
      }
    }

    private void talk(ServerSocket endless) {
      try (Socket socket = endless.accept()) {
        byte[] line = "HTTP/1.1 200 OK\r\nX: ".getBytes(US_ASCII);
        socket.getOutputStream().write(line);
        while (true) {
          socket.getOutputStream().write(new byte[1_024]);
        }
      } catch (IOException hungUp) {
        // enough was sent
      }
    }

    @Test
    void must_answer_in_time() throws IOException {
      try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        Target target = Target.of("http://127.0.0.1:%d/".formatted(silent.getLocalPort()));

        assertThatThrownBy(
                () ->
                    outbound(true)
                        .post(target, Map.of(), new byte[0], Duration.ofMillis(50), stop -> {}))
            .isInstanceOf(SocketTimeoutException.class);
      }
    }

    @Test
    void can_be_broken_off() throws IOException {
      try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        Target target = Target.of("http://127.0.0.1:%d/".formatted(silent.getLocalPort()));

        assertThatThrownBy(
                () -> outbound(true).post(target, Map.of(), new byte[0], TIMEOUT, Runnable::run))
            .isInstanceOf(IOException.class);
      }
    }
  }
}
