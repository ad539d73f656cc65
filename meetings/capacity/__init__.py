"""What the wins of a team take to deliver: who must know, who was told, and the promise to tell them."""
