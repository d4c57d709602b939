"""Energy and emissions of each leg of a journey, from the physics of vehicles and from factors."""
