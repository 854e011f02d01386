package dev.holdfast.server.undertow;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.ProblemException;
import dev.holdfast.http.ProblemType;
import dev.holdfast.server.route.Admitted;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Head;
import dev.holdfast.server.route.RequestPipeline;
import dev.holdfast.spi.ReadCancellation;
import io.undertow.io.IoCallback;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.RequestTooBigException;
import io.undertow.server.handlers.HttpContinueReadHandler;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * The HTTP server. Its own threads do the I/O; a request is handled on a thread of its pool. Bodies
 * are read without blocking a thread, and only for authorized requests.
 */
public final class Listener implements AutoCloseable {
  /** The maximum wait of a request for its response, see {@link Answer.Later}. */
  public static final Duration WAIT_MAX = Duration.ofSeconds(60);

  private static final int HEADERS_MAX = 100;
  private static final Duration FINISH_MAX = Duration.ofSeconds(5);
  private static final String WORKERS = "/api/v1/worker/";

  /** Asks proxies not to buffer the response. */
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

  private final RequestPipeline requestPipeline;
  private final RequestPool callers;
  private final RequestPool workers;
  private final int laterMax;
  private final AtomicInteger later = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private final ChunkedBodies bodies = new ChunkedBodies();
  private final Acceptor acceptor;
  private final InetSocketAddress own;
  private volatile boolean isClosing;
  private final CountDownLatch finished = new CountDownLatch(1);

  /**
   * Starts to listen.
   *
   * @param address the address; port 0 chooses a free one
   * @param tls the certificate; empty for none
   * @param capacity the limits
   * @throws InvalidRequestException if the address is in use
   */
  public Listener(
      RequestPipeline requestPipeline,
      InetSocketAddress address,
      Optional<SSLContext> tls,
      Capacity capacity) {
    this.requestPipeline = requestPipeline;
    this.callers = new RequestPool("http", capacity.callerThreads(), capacity.waiting());
    this.workers = new RequestPool("http-worker", capacity.workerThreads(), capacity.waiting());
    this.laterMax = capacity.later();
    try {
      acceptor =
          new Acceptor(
              address,
              tls,
              capacity,
              new HttpContinueReadHandler(this::receive),
              this::refusalOfParser,
              bodies);
    } catch (IOException failure) {
      callers.close();
      workers.close();
      throw new InvalidRequestException(
          "cannot listen on %s:%d: %s"
              .formatted(
                  address.getAddress().getHostAddress(), address.getPort(), failure.getMessage()),
          failure);
    }
    own = acceptor.address();
  }

  /** Returns the address that it listens on, or did. */
  public InetSocketAddress address() {
    return own;
  }

  /** Returns the number of responses that wait, see {@link Answer.Later}. */
  public int waiting() {
    return later.get();
  }

  /** Receives a request, on a thread that must not block. */
  private void receive(HttpServerExchange exchange) {
    bodies.check(exchange);
    RequestPool lane = exchange.getRequestPath().startsWith(WORKERS) ? workers : callers;
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
    if (isClosing) {
      send(exchange, RequestPipeline.stopping());
      return;
    }
    if (!lane.enter()) {
      send(exchange, RequestPipeline.overloaded());
      return;
    }
    ReadCancellation cancellation = new ReadCancellation();
    if (isRead(exchange)) {
      AtomicBoolean isCancelling = new AtomicBoolean();
      ClientWatch.begin(exchange, () -> cancel(exchange, cancellation, isCancelling));
    }
    exchange.dispatch(lane.executor(), () -> admit(exchange, lane, cancellation));
  }

  /** Cancels on another thread, as it may block; not again before that has ended. */
  private void cancel(
      HttpServerExchange exchange, ReadCancellation cancellation, AtomicBoolean isCancelling) {
    if (isClosing || !isCancelling.compareAndSet(false, true)) {
      return;
    }
    exchange
        .getConnection()
        .getWorker()
        .execute(
            () -> {
              try {
                cancellation.cancel();
              } finally {
                isCancelling.set(false);
              }
            });
  }

  /** Returns whether it reads; with a body, bytes that arrive are not those of a next request. */
  private static boolean isRead(HttpServerExchange exchange) {
    HttpString method = exchange.getRequestMethod();
    boolean isSafe = method.equals(Methods.GET) || method.equals(Methods.HEAD);
    return isSafe && exchange.isRequestComplete();
  }

  private void admit(HttpServerExchange exchange, RequestPool lane, ReadCancellation cancellation) {
    boolean isRead = false;
    try {
      Admitted admitted = requestPipeline.admit(head(exchange));
      if (!exchange.isRequestComplete()) {
        isRead = true;
        read(exchange, lane, admitted);
      } else {
        send(exchange, cancellation.run(() -> requestPipeline.answer(admitted, new byte[0])));
      }
    } catch (RuntimeException | Error failure) {
      send(exchange, requestPipeline.refusalOfUnknown(failure));
    } finally {
      if (!isRead) {
        lane.leave();
      }
    }
  }

  private static Head head(HttpServerExchange exchange) {
    if (exchange.isHostIncludedInRequestURI()) {
      throw new InvalidRequestException("not a proxy: the path must begin with '/'");
    }
    HeaderMap headers = exchange.getRequestHeaders();
    checkFraming(exchange, headers);
    long bytes = exchange.isRequestComplete() ? 0 : exchange.getRequestContentLength();
    return new Head(
        exchange.getRequestMethod().toString(),
        exchange.getRequestURI(),
        exchange.getQueryString(),
        bytes,
        isLocal(exchange),
        name -> only(headers, name));
  }

  /** Refuses what the parser lets through; where the next request begins is not certain then. */
  private static void checkFraming(HttpServerExchange exchange, HeaderMap headers) {
    int lines = 0;
    for (HeaderValues values : headers) {
      lines += values.size();
    }
    if (lines > HEADERS_MAX) {
      throw new InvalidRequestException(
          "the request has %d headers, at most %d are allowed".formatted(lines, HEADERS_MAX));
    }
    Optional<String> coding = only(headers, "Transfer-Encoding");
    if (coding.isPresent() && !coding.get().equalsIgnoreCase("chunked")) {
      exchange.setPersistent(false);
      throw new InvalidRequestException(
          "the transfer encoding %s is not supported: use chunked, or give a Content-Length"
              .formatted(Printable.quoted(coding.get())));
    }
  }

  /** A connection between two processes of one host has the same address at both ends. */
  private static boolean isLocal(HttpServerExchange exchange) {
    InetAddress peer = exchange.getSourceAddress().getAddress();
    return peer != null && peer.equals(exchange.getDestinationAddress().getAddress());
  }

  private static Optional<String> only(HeaderMap headers, String name) {
    HeaderValues values = headers.get(name);
    if (values != null && values.size() > 1) {
      throw new InvalidRequestException(
          "the header %s is given %d times, expected once".formatted(name, values.size()));
    }
    return values == null ? Optional.empty() : Optional.of(values.getFirst());
  }

  /** Reads the body, whose rest may arrive later; then the request continues in the pool. */
  private void read(HttpServerExchange exchange, RequestPool lane, Admitted admitted) {
    int bytesMax = admitted.route().body().bytesMax();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    exchange.setMaxEntitySize(bytesMax);
    exchange
        .getRequestReceiver()
        .receivePartialBytes(
            (part, bytes, isLast) -> {
              if (body.size() + bytes.length > bytesMax) { // a chunked body has no length
                part.getRequestReceiver().pause();
                refuseBody(part, lane, RequestPipeline.tooLarge(admitted.route()));
                return;
              }
              body.writeBytes(bytes);
              if (isLast && bodies.isMalformed(part)) {
                refuseBody(part, lane, RequestPipeline.malformedChunks());
              } else if (isLast && part.isInIoThread()) {
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
                        ? RequestPipeline.tooLarge(admitted.route())
                        : new ProblemException(
                            ProblemType.BAD_REQUEST, "the body did not arrive")));
  }

  private void refuseBody(HttpServerExchange exchange, RequestPool lane, ProblemException why) {
    lane.leave();
    exchange.setPersistent(false);
    send(exchange, requestPipeline.refusal(why));
  }

  private void answer(
      HttpServerExchange exchange, RequestPool lane, Admitted admitted, byte[] body) {
    try {
      send(exchange, requestPipeline.answer(admitted, body));
    } finally {
      lane.leave();
    }
  }

  /**
   * Sends a response, on a thread that must not block: if another thread ends an exchange, Undertow
   * lets its own thread spin until then, which may take a time slice.
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
      sendNow(exchange, RequestPipeline.overloaded());
      return;
    }
    var unused =
        waiting
            .answer()
            .whenComplete(
                (now, failure) -> {
                  later.decrementAndGet();
                  send(exchange, failure == null ? now : requestPipeline.refusal(failure));
                });
    ClientWatch.begin(
        exchange, () -> waiting.answer().completeExceptionally(RequestPipeline.clientGone()));
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
    UndertowStream outlet = new UndertowStream(exchange, exchange.getResponseChannel());
    exchange.addExchangeCompleteListener(
        (done, next) -> {
          outlet.over();
          next.proceed();
        });
    stream.opened().accept(outlet);
  }

  /**
   * Returns the response to a request that no handler gets; the connection is closed after it.
   * Undertow's parser also fails for a good request if its threads end meanwhile.
   */
  private ByteBuffer refusalOfParser(String reason) {
    Answer.Now answer = isClosing ? RequestPipeline.stopping() : RequestPipeline.notHttp(reason);
    StringBuilder head =
        new StringBuilder(
            "HTTP/1.1 %d %s\r\nConnection: close\r\n"
                .formatted(answer.status(), StatusCodes.getReason(answer.status())));
    answer.headers().forEach((name, value) -> head.append("%s: %s\r\n".formatted(name, value)));
    EVERY_ANSWER.forEach((name, value) -> head.append("%s: %s\r\n".formatted(name, value)));
    head.append(
        "Content-Type: %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(answer.mediaType(), answer.body().remaining()));
    byte[] bytes = head.toString().getBytes(US_ASCII);
    return ByteBuffer.allocate(bytes.length + answer.body().remaining())
        .put(bytes)
        .put(answer.body().duplicate())
        .flip();
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

  /** Accepts no more requests, and waits a few seconds for those in progress. */
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
    acceptor.close();
    callers.close();
    workers.close();
  }
}
