package dev.holdfast.benchmarks.http;

import dev.holdfast.benchmarks.load.HoldfastLoad;
import dev.holdfast.http.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;

/**
 * A worker over HTTP that does nothing with its jobs: each call claims a batch and acknowledges the
 * previous one. It prints the number of acknowledged ends after each call.
 */
final class HttpWorker {
  private final URI uri;
  private final int batch;
  private final AtomicLong left;
  private final HttpClient client = HttpClient.newHttpClient();

  private HttpWorker(URI uri, long jobs, int batch) {
    this.uri = uri;
    this.batch = batch;
    this.left = new AtomicLong(jobs);
  }

  /**
   * Runs the worker. Arguments: the server, the number of jobs, the number in a call, the number of
   * connections.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    HttpWorker worker =
        new HttpWorker(URI.create(args[0]), Long.parseLong(args[1]), Integer.parseInt(args[2]));
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String id = worker.register();
    System.out.println("ready");
    input.readLine();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(args[3]); i++) {
      threads.add(new Thread(() -> worker.work(id), "connection-" + i));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    input.readLine();
  }

  private String register() {
    return post(
            "register", "{\"name\": \"load\", \"types\": [\"%s\"]}".formatted(HoldfastLoad.TYPE))
        .get("worker")
        .asString();
  }

  private void work(String id) {
    String head =
        "{\"worker\": \"%s\", \"types\": [\"%s\"], \"limit\": %d"
            .formatted(id, HoldfastLoad.TYPE, batch);
    StringBuilder ends = new StringBuilder();
    int told = 0;
    while (left.get() > 0) {
      JsonNode answer = post("claim", head + ", \"ends\": [" + ends + "]}");
      int acknowledged = told - answer.get("stale").size();
      System.out.println(acknowledged);
      left.addAndGet(-acknowledged);
      ends.setLength(0);
      told = 0;
      for (JsonNode job : answer.get("jobs").values()) {
        ends.append(told++ == 0 ? "" : ",")
            .append("{\"id\": \"")
            .append(job.get("id").asString())
            .append("\", \"how\": \"complete\", \"lease\": \"")
            .append(job.get("lease").asString())
            .append("\"}");
      }
    }
  }

  private JsonNode post(String what, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(uri.resolve("/api/v1/worker/" + what))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    try {
      var answer = client.send(request, BodyHandlers.ofString());
      if (answer.statusCode() >= 300) {
        throw new IllegalStateException(what + " got the response " + answer.body());
      }
      return Json.read("the response", answer.body());
    } catch (IOException failure) {
      throw new IllegalStateException(what + " got no response", failure);
    } catch (InterruptedException hurry) {
      throw new IllegalStateException(hurry);
    }
  }
}
