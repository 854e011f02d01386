package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.server.ServedQueue.Reply;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of the console, as the server gives them. */
@Tag("R-40")
class ConsoleFilesTest {
  private static final Path SOURCES = Path.of("src/main/resources/dev/holdfast/server/ui");
  private static final int LINES_MAX = 450;

  @TempDir Path folder;

  private static List<Path> sources() throws IOException {
    try (Stream<Path> all = Files.walk(SOURCES)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static List<Path> own(String... endings) throws IOException {
    return sources().stream()
        .filter(file -> !file.startsWith(SOURCES.resolve("vendor")))
        .filter(file -> List.of(endings).contains(file.toString().replaceFirst(".*\\.", "")))
        .toList();
  }

  @Nested
  class Their_addresses {
    @Test
    void begin_at_the_root_and_say_nothing_of_it() {
      try (ServedQueue served = new ServedQueue(folder)) {
        for (String path : List.of("/", "/ui")) {
          assertThat(served.get(path).is(302).headers().firstValue("Location")).contains("ui/");
        }
      }
    }

    @Test
    void are_the_same_page_for_each_word() {
      try (ServedQueue served = new ServedQueue(folder)) {
        String page = served.get("/ui/").is(200).body();
        for (String word : List.of("jobs", "nowhere")) {
          assertThat(served.get("/ui/" + word).is(200).body()).isEqualTo(page);
        }
      }
    }

    @Test
    void hold_the_state_of_a_page_for_its_scripts() throws Exception {
      try (ServedQueue served = new ServedQueue(folder)) {
        for (String path : List.of("/ui/?window=24h", "/ui/job?id=1&tab=payload")) {
          var request = HttpRequest.newBuilder(URI.create(served.server.uri() + path)).build();
          var answer = HttpClient.newHttpClient().send(request, BodyHandlers.discarding());
          assertThat(answer.statusCode()).as(path).isEqualTo(200);
        }
      }
    }

    @Test
    void lead_to_no_other_file() {
      try (ServedQueue served = new ServedQueue(folder)) {
        for (String path :
            List.of(
                "index.html",
                "nothing.js",
                "vendor",
                "..%2Fdocs%2Fstart.js",
                "%2e%2e/start.js",
                "..%2f..%2f..%2f..%2fMETA-INF/MANIFEST.MF",
                "app.js%00.css",
                "App.js",
                "vendor/nothing.js",
                "vendor%2Fpreact.js")) {
          Reply reply = served.get("/ui/" + path);
          assertThat(reply.status() == 404 || path.equals("vendor")).as(path).isTrue();
        }
      }
    }

    @Test
    void are_relative_everywhere_so_that_a_proxy_may_put_a_path_before_them() throws IOException {
      Pattern absolute =
          Pattern.compile("(?:src|href|from|import\\()\\s*[=(]?\\s*[\"'](/|https?:)");
      for (Path file : own("html", "js", "css")) {
        assertThat(absolute.matcher(Files.readString(file)).find()).as(file.toString()).isFalse();
      }
    }
  }

  @Nested
  class What_they_say {
    @Test
    void fits_their_kind_and_each_file_is_there() throws IOException {
      try (ServedQueue served = new ServedQueue(folder)) {
        for (Path file : sources()) {
          String name = SOURCES.relativize(file).toString();
          if (!name.equals("index.html")) {
            Reply reply = served.get("/ui/" + name).is(200);
            assertThat(reply.body()).isEqualTo(Files.readString(file));
            assertThat(reply.headers().firstValue("Content-Type").orElseThrow())
                .as(name)
                .startsWith(mediaType(name));
          }
        }
      }
    }

    private static String mediaType(String name) {
      return switch (name.replaceFirst(".*\\.", "")) {
        case "js" -> "text/javascript";
        case "css" -> "text/css";
        case "svg" -> "image/svg+xml";
        default -> "text/plain";
      };
    }

    @Test
    void is_sent_once_and_packed() throws Exception {
      try (ServedQueue served = new ServedQueue(folder)) {
        Reply first = served.get("/ui/app.js").is(200);
        String tag = first.headers().firstValue("ETag").orElseThrow();
        assertThat(first.headers().firstValue("Cache-Control")).contains("no-cache");
        Reply again = served.call("GET", "/ui/app.js", null, "If-None-Match", tag).is(304);
        assertThat(again.body()).isEmpty();
        served.call("GET", "/ui/app.js", null, "If-None-Match", "W/\"0\"").is(200);

        var request =
            HttpRequest.newBuilder(URI.create(served.server.uri() + "/ui/vendor/uplot.js"))
                .header("Accept-Encoding", "br, gzip");
        var packed = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofByteArray());
        assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(packed.body().length)
            .isLessThan((int) Files.size(SOURCES.resolve("vendor/uplot.js")) / 3);
      }
    }

    @Test
    void is_sent_again_unless_its_whole_tag_is_known() {
      try (ServedQueue served = new ServedQueue(folder)) {
        String tag =
            served.get("/ui/app.js").headers().firstValue("ETag").orElseThrow().substring(2);
        String inner = tag.replace("\"", "");
        for (String known : List.of(tag, "W/" + tag, "\"a,b\" , W/" + tag, "*")) {
          served.call("GET", "/ui/app.js", null, "If-None-Match", known).is(304);
        }
        for (String other : List.of(inner, "\"x" + inner + "\"", "\"" + inner + "x\"", "\"*\"")) {
          served.call("GET", "/ui/app.js", null, "If-None-Match", other).is(200);
        }
      }
    }

    @Test
    void holds_no_script_and_no_style_within_the_page() {
      try (ServedQueue served = new ServedQueue(folder)) {
        Reply page = served.get("/ui/jobs").is(200);
        assertThat(page.headers().allValues("Content-Security-Policy"))
            .containsExactly(
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors"
                    + " 'none'");
        assertThat(page.body()).doesNotContain("<style", "style=", "<script>", "http:", "https:");
      }
    }

    @Test
    void is_never_read_as_markup() throws IOException {
      for (Path file : own("js")) {
        assertThat(Files.readString(file))
            .as(file.toString())
            .doesNotContain(
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
                "Function(");
      }
    }

    @Test
    void is_short_and_what_others_wrote_comes_with_its_licence() throws IOException {
      for (Path file : own("js", "css", "html")) {
        assertThat(Files.readAllLines(file))
            .as(file.toString())
            .hasSizeLessThanOrEqualTo(LINES_MAX);
      }
      List<String> licences = new ArrayList<>();
      for (Path file : sources()) {
        if (file.toString().endsWith("-license.txt")) {
          licences.add(file.getFileName().toString());
        }
      }
      assertThat(licences)
          .containsExactly("htm-license.txt", "preact-license.txt", "uplot-license.txt");
    }
  }
}
