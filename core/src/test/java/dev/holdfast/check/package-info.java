@NullMarked
package dev.holdfast.check;

import org.jspecify.annotations.NullMarked;
