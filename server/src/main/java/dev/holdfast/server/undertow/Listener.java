package dev.holdfast.server.undertow;

import dev.holdfast.InvalidRequestException;
import dev.holdfast.http.ProblemException;
import dev.holdfast.http.ProblemType;
import dev.holdfast.server.route.Admitted;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Head;
import dev.holdfast.server.route.Site;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.io.IoCallback;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.RequestTooBigException;
import io.undertow.server.handlers.HttpContinueReadHandler;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.xnio.Options;

/**
 * The HTTP server. Its own threads read and write; a request is answered on a thread of its lane.
 * Bodies are read without holding a thread, and only of requests that may be made.
 */
public final class Listener implements AutoCloseable {
  /** How long a request may wait for its answer, see {@link Answer.Later}. */
  public static final Duration WAIT_MAX = Duration.ofSeconds(60);

  private static final int IO_THREADS = 2;
  private static final int HEADER_BYTES_MAX = 16 << 10;
  private static final int HEADERS_MAX = 100;
  private static final int BUFFER_BYTES = 16 << 10;
  private static final Duration FINISH_MAX = Duration.ofSeconds(5);
  private static final String WORKERS = "/api/v1/worker/";

  /** Asks proxies to pass on what comes when it comes. */
  private static final HttpString UNBUFFERED = new HttpString("X-Accel-Buffering");

  private static final Map<HttpString, String> EVERY_ANSWER =
      Map.of(
          new HttpString("Content-Security-Policy"),
          "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          new HttpString("X-Content-Type-Options"),
          "nosniff",
          new HttpString("X-Frame-Options"),
          "DENY",
          new HttpString("Referrer-Policy"),
          "no-referrer",
          new HttpString("Cross-Origin-Resource-Policy"),
          "same-origin",
          new HttpString("Cache-Control"),
          "no-store");

  private final Site site;
  private final RequestLane callers;
  private final RequestLane workers;
  private final int laterMax;
  private final AtomicInteger later = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private final Undertow undertow;
  private final InetSocketAddress own;
  private volatile boolean isClosing;
  private final CountDownLatch finished = new CountDownLatch(1);

  /**
   * Listens.
   *
   * @param address where; port 0 for any that is free
   * @param tls with which certificate; empty for none
   * @param capacity how much it takes in
   * @throws InvalidRequestException if the address is not free
   */
  public Listener(
      Site site, InetSocketAddress address, Optional<SSLContext> tls, Capacity capacity) {
    this.site = site;
    this.callers = new RequestLane("http", capacity.callerThreads(), capacity.waiting());
    this.workers = new RequestLane("http-worker", capacity.workerThreads(), capacity.waiting());
    this.laterMax = capacity.later();
    int idleMillis = Math.toIntExact(capacity.idle().toMillis());
    Undertow.Builder builder =
        Undertow.builder()
            .setIoThreads(IO_THREADS)
            .setWorkerThreads(1) // not used: lanes have threads of their own
            .setBufferSize(BUFFER_BYTES)
            .setWorkerOption(Options.THREAD_DAEMON, true)
            .setSocketOption(Options.TCP_NODELAY, true)
            .setSocketOption(Options.READ_TIMEOUT, idleMillis) // while it waits for a body, too
            .setSocketOption(Options.WRITE_TIMEOUT, idleMillis)
            .setSocketOption(Options.CONNECTION_HIGH_WATER, capacity.connections())
            .setSocketOption(Options.CONNECTION_LOW_WATER, capacity.connections())
            .setServerOption(UndertowOptions.MAX_HEADER_SIZE, HEADER_BYTES_MAX)
            .setServerOption(UndertowOptions.MAX_HEADERS, HEADERS_MAX)
            .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, (long) (1 << 20))
            .setServerOption(
                UndertowOptions.REQUEST_PARSE_TIMEOUT,
                Math.toIntExact(capacity.headers().toMillis()))
            .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, idleMillis)
            .setServerOption(UndertowOptions.DECODE_URL, false)
            .setServerOption(UndertowOptions.ALWAYS_SET_DATE, true)
            .setHandler(new HttpContinueReadHandler(this::receive));
    String host = address.getAddress().getHostAddress();
    undertow =
        tls.map(context -> builder.addHttpsListener(address.getPort(), host, context))
            .orElseGet(() -> builder.addHttpListener(address.getPort(), host))
            .build();
    try {
      undertow.start();
      own = (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
    } catch (RuntimeException failure) {
      callers.close();
      workers.close();
      throw new InvalidRequestException(
          "cannot listen on %s:%d: %s"
              .formatted(host, address.getPort(), rootOf(failure).getMessage()),
          failure);
    }
  }

  private static Throwable rootOf(Throwable failure) {
    return failure.getCause() == null ? failure : rootOf(failure.getCause());
  }

  /** Where it listens, or did. */
  public InetSocketAddress address() {
    return own;
  }

  /** On a thread that must not wait. */
  private void receive(HttpServerExchange exchange) {
    RequestLane lane = exchange.getRequestPath().startsWith(WORKERS) ? workers : callers;
    open.incrementAndGet();
    exchange.addExchangeCompleteListener(
        (done, next) -> {
          try {
            next.proceed();
          } finally {
            if (open.decrementAndGet() == 0 && isClosing) {
              finished.countDown();
            }
          }
        });
    if (isClosing) {
      exchange.setPersistent(false);
    }
    if (isClosing || !lane.enter()) {
      send(exchange, Site.overloaded());
      return;
    }
    exchange.dispatch(lane.executor(), () -> admit(exchange, lane));
  }

  private void admit(HttpServerExchange exchange, RequestLane lane) {
    boolean isRead = false;
    try {
      Admitted admitted = site.admit(head(exchange));
      if (admitted.route().body().isTaken() && !exchange.isRequestComplete()) {
        isRead = true;
        read(exchange, lane, admitted);
      } else {
        send(exchange, site.answer(admitted, new byte[0]));
      }
    } catch (RuntimeException | Error failure) {
      send(exchange, site.refusal(failure));
    } finally {
      if (!isRead) {
        lane.leave();
      }
    }
  }

  private static Head head(HttpServerExchange exchange) {
    if (exchange.isHostIncludedInRequestURI()) {
      throw new InvalidRequestException("this is no proxy: the path must begin with '/'");
    }
    HeaderMap headers = exchange.getRequestHeaders();
    long bytes = exchange.isRequestComplete() ? 0 : exchange.getRequestContentLength();
    return new Head(
        exchange.getRequestMethod().toString(),
        exchange.getRequestURI(),
        exchange.getQueryString(),
        bytes,
        name -> only(headers, name));
  }

  private static Optional<String> only(HeaderMap headers, String name) {
    HeaderValues values = headers.get(name);
    if (values != null && values.size() > 1) {
      throw new InvalidRequestException(
          "the header %s is given %d times, expected once".formatted(name, values.size()));
    }
    return values == null ? Optional.empty() : Optional.of(values.getFirst());
  }

  /** The rest of the body may come later; then the request comes back by the lane. */
  private void read(HttpServerExchange exchange, RequestLane lane, Admitted admitted) {
    int bytesMax = admitted.route().body().bytesMax();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    exchange.setMaxEntitySize(bytesMax);
    exchange
        .getRequestReceiver()
        .receivePartialBytes(
            (part, bytes, isLast) -> {
              if (body.size() + bytes.length > bytesMax) { // one in chunks does not say its length
                part.getRequestReceiver().pause();
                refuseBody(part, lane, Site.tooLarge(admitted.route()));
                return;
              }
              body.writeBytes(bytes);
              if (isLast && part.isInIoThread()) {
                part.dispatch(
                    lane.executor(), () -> answer(part, lane, admitted, body.toByteArray()));
              } else if (isLast) {
                answer(part, lane, admitted, body.toByteArray());
              }
            },
            (broken, failure) ->
                refuseBody(
                    broken,
                    lane,
                    failure instanceof RequestTooBigException
                        ? Site.tooLarge(admitted.route())
                        : new ProblemException(
                            ProblemType.BAD_REQUEST, "the body did not arrive")));
  }

  private void refuseBody(HttpServerExchange exchange, RequestLane lane, ProblemException why) {
    lane.leave();
    exchange.setPersistent(false);
    send(exchange, site.refusal(why));
  }

  private void answer(
      HttpServerExchange exchange, RequestLane lane, Admitted admitted, byte[] body) {
    try {
      send(exchange, site.answer(admitted, body));
    } finally {
      lane.leave();
    }
  }

  /**
   * On a thread that must not wait: where another one ends an exchange, Undertow lets its own
   * thread spin until that one has done so, which may be a time slice later.
   */
  private void send(HttpServerExchange exchange, Answer answer) {
    if (exchange.isInIoThread()) {
      sendHere(exchange, answer);
    } else {
      exchange.dispatch(exchange.getIoThread(), () -> sendHere(exchange, answer));
    }
  }

  private void sendHere(HttpServerExchange exchange, Answer answer) {
    if (answer instanceof Answer.Now now) {
      sendNow(exchange, now);
    } else if (answer instanceof Answer.Later waiting) {
      sendLater(exchange, waiting);
    } else if (answer instanceof Answer.Stream stream) {
      sendStream(exchange, stream);
    }
  }

  private void sendLater(HttpServerExchange exchange, Answer.Later waiting) {
    if (later.incrementAndGet() > laterMax) {
      later.decrementAndGet();
      waiting.answer().cancel(false);
      sendNow(exchange, Site.overloaded());
      return;
    }
    var unused =
        waiting
            .answer()
            .whenComplete(
                (now, failure) -> {
                  later.decrementAndGet();
                  send(exchange, failure == null ? now : site.refusal(failure));
                });
  }

  private static void sendStream(HttpServerExchange exchange, Answer.Stream stream) {
    HeaderMap headers = exchange.getResponseHeaders();
    EVERY_ANSWER.forEach(headers::put);
    headers.put(Headers.CONTENT_TYPE, stream.mediaType());
    headers.put(UNBUFFERED, "no");
    if (exchange.getRequestMethod().equals(Methods.HEAD)) {
      exchange.endExchange();
      return;
    }
    StreamOutlet outlet = new StreamOutlet(exchange, exchange.getResponseChannel());
    exchange.addExchangeCompleteListener(
        (done, next) -> {
          outlet.over();
          next.proceed();
        });
    stream.opened().accept(outlet);
  }

  private static void sendNow(HttpServerExchange exchange, Answer.Now answer) {
    HeaderMap headers = exchange.getResponseHeaders();
    EVERY_ANSWER.forEach(headers::put);
    answer.headers().forEach((name, value) -> headers.put(new HttpString(name), value));
    exchange.setStatusCode(answer.status());
    if (!answer.mediaType().isEmpty()) {
      headers.put(Headers.CONTENT_TYPE, answer.mediaType());
    }
    if (!answer.body().hasRemaining()) {
      exchange.endExchange();
    } else {
      exchange.getResponseSender().send(answer.body().duplicate(), IoCallback.END_EXCHANGE);
    }
  }

  /** Takes no more requests, and lets those that are here end for a few seconds. */
  @Override
  public void close() {
    isClosing = true;
    if (open.get() > 0) {
      try {
        boolean unused = finished.await(FINISH_MAX.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException hurry) {
        Thread.currentThread().interrupt();
      }
    }
    undertow.stop();
    callers.close();
    workers.close();
  }
}
