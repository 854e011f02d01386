package dev.holdfast.test;

import java.lang.reflect.Proxy;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A context of JUnit, for an extension that asks it nothing. */
final class Contexts {
  static final ExtensionContext NONE =
      (ExtensionContext)
          Proxy.newProxyInstance(
              ExtensionContext.class.getClassLoader(),
              new Class<?>[] {ExtensionContext.class},
              (proxy, method, arguments) -> {
                throw new UnsupportedOperationException(method.getName());
              });

  private Contexts() {}
}
