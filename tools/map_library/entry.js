// What the report's map uses of OpenLayers; see README.md for how the bundle is built from it.
export { default as Feature } from "ol/Feature.js";
export { default as Map } from "ol/Map.js";
export { default as View } from "ol/View.js";
export { default as LineString } from "ol/geom/LineString.js";
export { default as MultiLineString } from "ol/geom/MultiLineString.js";
export { default as MultiPolygon } from "ol/geom/MultiPolygon.js";
export { default as Point } from "ol/geom/Point.js";
export { defaults as interactions } from "ol/interaction/defaults.js";
export { default as VectorLayer } from "ol/layer/Vector.js";
export { default as Projection } from "ol/proj/Projection.js";
export { default as VectorSource } from "ol/source/Vector.js";
export { default as Circle } from "ol/style/Circle.js";
export { default as Fill } from "ol/style/Fill.js";
export { default as RegularShape } from "ol/style/RegularShape.js";
export { default as Stroke } from "ol/style/Stroke.js";
export { default as Style } from "ol/style/Style.js";
export { default as Text } from "ol/style/Text.js";
