package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.NONE;
import static dev.holdfast.server.route.Method.GET;

import dev.holdfast.http.ProblemException;
import dev.holdfast.http.ProblemType;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Route;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The console: one page whose scripts show the queue by the routes of the API. All addresses in it
 * are relative, so it works below any path that a proxy adds. A word such as {@code /ui/jobs} is a
 * page of the console; a name with an ending is a file.
 */
public final class ConsoleRoutes {
  private static final Pattern FILE = Pattern.compile("[a-z0-9-]+\\.(js|css|svg|txt)");
  private static final Pattern WORD = Pattern.compile("[a-z]+");
  private static final Pattern FOLDER = Pattern.compile("[a-z]+");
  private static final String FILES = "dev/holdfast/server/ui/";
  private static final String PAGE = "index.html";
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
          + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final Map<String, WebFile> files = new ConcurrentHashMap<>(); // those that were asked for

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(GET, "/", call -> redirect("ui/")).needs(NONE),
        Route.of(GET, "/ui", call -> redirect("ui/")).needs(NONE),
        Route.of(GET, "/ui/", this::page).needs(NONE).freeQuery(),
        Route.of(GET, "/ui/{file}", this::fileOrPage).needs(NONE).freeQuery(),
        Route.of(GET, "/ui/{folder}/{file}", this::fileInFolder).needs(NONE));
  }

  private static Answer redirect(String relative) {
    return new Answer.Now(302, "", ByteBuffer.allocate(0), Map.of("Location", relative));
  }

  private Answer page(Call call) {
    return file(PAGE, call).header("Content-Security-Policy", POLICY);
  }

  private Answer fileOrPage(Call call) {
    String name = call.variable("file");
    if (WORD.matcher(name).matches()) {
      return page(call);
    }
    return file(checked(FILE, name), call);
  }

  private Answer fileInFolder(Call call) {
    String folder = checked(FOLDER, call.variable("folder"));
    return file(folder + "/" + checked(FILE, call.variable("file")), call);
  }

  /** Nothing else than such names reaches the class path. */
  private static String checked(Pattern form, String name) {
    if (!form.matcher(name).matches()) {
      throw nothingHere();
    }
    return name;
  }

  private static ProblemException nothingHere() {
    return new ProblemException(ProblemType.NOT_FOUND, "there is nothing at this path");
  }

  private Answer.Now file(String path, Call call) {
    WebFile file =
        files.computeIfAbsent(
            path, name -> WebFile.find(FILES + name).orElseThrow(ConsoleRoutes::nothingHere));
    return file.answer(call.header("If-None-Match"), call.header("Accept-Encoding"));
  }
}
