package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.NONE;
import static dev.holdfast.server.route.Method.GET;

import dev.holdfast.http.ProblemException;
import dev.holdfast.http.ProblemType;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Exchange;
import dev.holdfast.server.route.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A page to read what the API is and to try it, made of Swagger UI, which comes with the server: no
 * other host is asked for anything. What of its files can be had stands in a list.
 */
public final class DocsRoutes {
  private static final String OWN = "dev/holdfast/server/docs/";
  private static final String SWAGGER = "META-INF/resources/webjars/swagger-ui/5.34.1/";
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final String STYLE = "text/css; charset=utf-8";

  /** The icons of Swagger UI stand in its style sheet, as data. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
          + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Map<String, Source> FILES =
      Map.of(
          "start.js", new Source(OWN + "start.js", SCRIPT),
          "swagger-ui-bundle.js", new Source(SWAGGER + "swagger-ui-bundle.js", SCRIPT),
          "swagger-ui.css", new Source(SWAGGER + "swagger-ui.css", STYLE),
          "favicon-32x32.png", new Source(SWAGGER + "favicon-32x32.png", "image/png"));

  private static final Source PAGE = new Source(OWN + "index.html", "text/html; charset=utf-8");

  /** What is on the class path, and what it is. */
  private record Source(String resource, String mediaType) {
    Answer.Now answer() {
      try (InputStream in = DocsRoutes.class.getClassLoader().getResourceAsStream(resource)) {
        if (in == null) {
          throw new IllegalStateException("there is no %s: a bug".formatted(resource));
        }
        return new Answer.Now(200, mediaType, ByteBuffer.wrap(in.readAllBytes()), Map.of());
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(GET, "/docs", this::page).needs(NONE),
        Route.of(GET, "/docs/{file}", this::file).needs(NONE));
  }

  private Answer page(Exchange exchange) {
    return PAGE.answer().header("Content-Security-Policy", POLICY);
  }

  private Answer file(Exchange exchange) {
    @Nullable Source source = FILES.get(exchange.variable("file"));
    if (source == null) {
      throw new ProblemException(ProblemType.NOT_FOUND, "there is nothing at this path");
    }
    return source.answer();
  }
}
