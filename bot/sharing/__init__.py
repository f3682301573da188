"""What a chamber prints, links and pastes to bring people to Dalil."""
