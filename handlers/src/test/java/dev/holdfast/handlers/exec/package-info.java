@NullMarked
package dev.holdfast.handlers.exec;

import org.jspecify.annotations.NullMarked;
