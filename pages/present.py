"""The meeting: slides on the screen, and what is handed out."""

from pages.shared import controls, present_stage

controls.sidebar()
present_stage.stage()
