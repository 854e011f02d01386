package dev.holdfast.handlers.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A real HTTP server that gives the same response to all requests, and records them. */
final class Site implements AutoCloseable {
  private final HttpServer server;
  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private volatile Answering answer = exchange -> exchange.sendResponseHeaders(204, -1);

  /** A received request. */
  record Received(String method, String path, Headers headers, String body) {}

  /** The response to requests. */
  interface Answering {
    void to(HttpExchange exchange) throws IOException;
  }

  Site() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          received.add(
              new Received(
                  exchange.getRequestMethod(),
                  exchange.getRequestURI().toString(),
                  exchange.getRequestHeaders(),
                  body));
          answer.to(exchange);
          exchange.close();
        });
    server.start();
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  void answers(Answering how) {
    answer = how;
  }

  void answers(int status, Map<String, String> headers, byte[] body) {
    answers(
        exchange -> {
          headers.forEach(exchange.getResponseHeaders()::set);
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          if (body.length > 0) {
            exchange.getResponseBody().write(body);
          }
        });
  }

  void answers(int status, String body) {
    answers(status, Map.of(), body.getBytes(UTF_8));
  }

  /** Returns the next request. */
  Received received() throws InterruptedException {
    return received.take();
  }

  int requests() {
    return received.size();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
