@NullMarked
package dev.holdfast.handlers.outbound;

import org.jspecify.annotations.NullMarked;
